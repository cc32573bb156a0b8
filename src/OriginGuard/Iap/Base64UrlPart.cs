using System.Buffers;
using System.Buffers.Text;

namespace OriginGuard.Iap;

/// <summary>
/// Base64url as RFC 7515 writes it: no padding, no blanks, no stray bits at the end. Each value then has exactly one spelling, so no
/// character of a signed token can change without being noticed.
/// </summary>
internal static class Base64UrlPart
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly SearchValues<char> Digits = SearchValues.Create(Alphabet);

    /// <summary>The bytes, or null when the text is not canonical.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        // The framework's decoder skips blanks and padding, and throws on stray bits: all three are looked for before it is asked.
        if (text.ContainsAnyExcept(Digits) || text.Length % 4 == 1 || HasStrayBits(text))
        {
            return null;
        }

        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.TryDecodeFromChars(text, bytes, out var written) && written == bytes.Length ? bytes : null;
    }

    private static bool HasStrayBits(ReadOnlySpan<char> text)
    {
        var unused = (text.Length % 4) switch { 2 => 0b1111, 3 => 0b11, _ => 0 };
        return unused != 0 && (Alphabet.IndexOf(text[^1], StringComparison.Ordinal) & unused) != 0;
    }
}
