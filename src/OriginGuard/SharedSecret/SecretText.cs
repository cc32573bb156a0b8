using System.Buffers;

namespace OriginGuard.SharedSecret;

/// <summary>Which texts can be a secret: what a header and the load balancer's configuration carry unharmed.</summary>
internal static class SecretText
{
    public const int MinLength = 16;
    public const int MaxLength = 1024;

    /// <summary>How to make a good one.</summary>
    public const string Remedy = "Make one from 32 random bytes in base64url.";

    private const int StrongLength = 32;
    private const int Varied = 8;

    // Visible ASCII without comma (joins repeated headers), braces (the load balancer's variables), quotes and blanks.
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(character => (char)character).Where(character => !",{}\"'`".Contains(character, StringComparison.Ordinal))]);

    /// <summary>What is wrong with a text, without the text: a rule to put behind the name of the setting. Null when nothing is.</summary>
    public static string? Problem(string text) => PlaceholderSecret.Problem(text) ?? text switch
    {
        _ when text.AsSpan().IndexOfAnyExcept(Allowed) is >= 0 and var index =>
            $"holds {Describe(text, index)}; visible ASCII without comma, braces, quotes and blanks is needed",
        { Length: < MinLength } => $"is {text.Length} bytes; {MinLength} or more are needed",
        { Length: > MaxLength } => $"is {text.Length} bytes; {MaxLength} or fewer are needed",
        _ => null,
    };

    /// <summary>What makes a valid text easier to guess than it has to be, without the text: each to put behind the name of the setting.</summary>
    public static IEnumerable<string> Weaknesses(string text)
    {
        if (text.Length < StrongLength)
        {
            yield return $"is shorter than {StrongLength} characters. {Remedy}";
        }

        if (text.Distinct().Count() < Varied)
        {
            yield return $"has fewer than {Varied} different characters. {Remedy}";
        }
    }

    // What cannot be seen is named, with where it usually comes from; it is no part of any secret, and says nothing about this one.
    private static string Describe(string text, int index) => text[index] switch
    {
        '\uFEFF' => "U+FEFF byte order mark, as an editor puts at the beginning; save it without one",
        '\u00EF' when text.AsSpan(index).StartsWith("\u00EF\u00BB\u00BF") => "U+FEFF byte order mark, as an editor puts at the beginning; save it as UTF-8 without one",
        '\u00FE' or '\u00FF' when index == 0 && text.Length > 1 && text[1] is '\u00FE' or '\u00FF' => "U+FEFF byte order mark in UTF-16; save it as UTF-8 without one",
        '\n' when index == text.Length - 1 => $"U+000A line feed {At(index)}, at its end, as echo adds one; write it with printf %s",
        '\n' => $"U+000A line feed {At(index)}, so that it has more than one line; one is needed",
        '\r' => $"U+000D carriage return {At(index)}, as in Windows line ends; save it with Unix line ends",
        '\t' => $"U+0009 tab {At(index)}",
        ' ' => $"U+0020 blank {At(index)}",
        '\0' => $"U+0000 {At(index)}, as in a file in UTF-16; save it as UTF-8",
        < ' ' or '\u007F' => $"U+{(int)text[index]:X4} control character {At(index)}",
        > '\u007F' => $"a character {At(index)} that is not ASCII",
        var visible => $"U+{(int)visible:X4} ({visible}) {At(index)}",
    };

    private static string At(int index) => $"as character {index + 1}";
}
