using System.Text;

namespace OriginGuard.Testing.Dns;

/// <summary>The data of a TXT record: character-strings, each behind its length (RFC 1035, section 3.3.14).</summary>
internal static class TxtData
{
    public const int MaxStringLength = 255;

    public static byte[] Encode(string[] strings)
    {
        if (strings.Length == 0)
        {
            throw new ArgumentException("A TXT record has at least one character-string.", nameof(strings));
        }

        using var data = new MemoryStream();
        foreach (var text in strings)
        {
            ArgumentNullException.ThrowIfNull(text, nameof(strings));
            if (text.Length > MaxStringLength || text.AsSpan().ContainsAnyExceptInRange('\0', '\u00FF'))
            {
                throw new ArgumentException("A character-string has at most 255 characters, all of ISO 8859-1.", nameof(strings));
            }

            data.WriteByte((byte)text.Length);
            data.Write(Encoding.Latin1.GetBytes(text));
        }

        return data.Length <= ushort.MaxValue
            ? data.ToArray()
            : throw new ArgumentException("A TXT record holds at most 65,535 octets.", nameof(strings));
    }
}
