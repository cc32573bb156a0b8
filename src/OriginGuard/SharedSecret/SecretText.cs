using System.Buffers;

namespace OriginGuard.SharedSecret;

/// <summary>Which texts can be a secret: what a header and the load balancer's configuration carry unharmed.</summary>
internal static class SecretText
{
    public const int MinLength = 16;
    public const int MaxLength = 1024;

    // Visible ASCII without comma (joins repeated headers), braces (the load balancer's variables), quotes and blanks.
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(character => (char)character).Where(character => !",{}\"'`".Contains(character, StringComparison.Ordinal))]);

    /// <summary>What is wrong with a text, without the text: a rule to put behind the name of the setting. Null when nothing is.</summary>
    public static string? Problem(string text) => text switch
    {
        { Length: < MinLength } => $"is {text.Length} bytes; {MinLength} or more are needed",
        { Length: > MaxLength } => $"is {text.Length} bytes; {MaxLength} or fewer are needed",
        _ when text.AsSpan().ContainsAnyExcept(Allowed) => "holds a character that is not allowed; visible ASCII without comma, braces, quotes and blanks is needed",
        _ => null,
    };
}
