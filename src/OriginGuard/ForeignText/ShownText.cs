using System.Buffers;

namespace OriginGuard.ForeignText;

/// <summary>
/// How a text of the configuration stands in a message. A secret that somebody put at the wrong key is a text of the configuration too: what could be one
/// is told by its length.
/// </summary>
internal static class ShownText
{
    // The shortest secret is as long.
    private const int FirstHidden = 16;
    private const int MaxLength = 64;

    private static readonly SearchValues<char> PlainCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._:/-");
    private static readonly SearchValues<char> Separators = SearchValues.Create(".:/");

    /// <summary>A word or a number: whole when it is shorter than every secret.</summary>
    public static string Of(string? text) => text is null ? "null" : text.Length < FirstHidden ? Quote(text) : Hidden(text);

    /// <summary>A network, an address, a host or a path: whole as well when it is long and has the form of one.</summary>
    public static string OfName(string? text) => text is null || text.Length < FirstHidden || IsPlain(text) ? Quote(text ?? "") : Hidden(text);

    public static string Hidden(string text) => $"a text of {Count(text.Length, "character")}";

    /// <summary>A key that somebody made up: null when it could be a secret.</summary>
    public static string? Key(string key) => key.Length < FirstHidden ? Printable(key) : null;

    public static string Count(long count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>Scheme and host, which tell where an address leads. User, path and query may hold what nobody else may read.</summary>
    public static string Of(Uri address) => !address.IsAbsoluteUri ? Hidden(address.OriginalString)
        : address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps ? $"\"{address.GetComponents(UriComponents.SchemeAndServer & ~UriComponents.UserInfo, UriFormat.UriEscaped)}\""
        : "an address that is neither http nor https";

    /// <summary>Lower-case letters, digits and a separator: what addresses, hosts and paths look like and random text does not.</summary>
    public static bool IsPlain(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(PlainCharacters) && text.ContainsAny(Separators);

    private static string Quote(string text) => $"\"{Printable(text)}\"";

    // A line break would make two mistakes of one.
    private static string Printable(string text) => string.Create(
        Math.Min(text.Length, MaxLength), text, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? '?' : source[i];
            }
        }) + (text.Length > MaxLength ? "..." : "");
}
