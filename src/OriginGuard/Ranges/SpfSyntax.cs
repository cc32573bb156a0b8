using System.Buffers;
using OriginGuard.ForeignText;

namespace OriginGuard.Ranges;

/// <summary>The parts of a term as RFC 7208 writes them, for terms that are not followed, too: a record with a mistake anywhere is none (section 4.6).</summary>
internal static class SpfSyntax
{
    private static readonly SearchValues<char> MacroLetters = SearchValues.Create("slodiphcrtvSLODIPHCRTV");
    private static readonly SearchValues<char> MacroDelimiters = SearchValues.Create(".-+,/_=");
    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary><c>name</c> of section 4.6.1.</summary>
    public static bool IsModifierName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !char.IsAsciiLetter(text[0]))
        {
            return false;
        }

        foreach (var character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary><c>macro-string</c> of section 7.1: visible characters, and a percent sign only in front of what it may stand in front of.</summary>
    public static bool IsMacroString(ReadOnlySpan<char> text) => TryReadMacros(text, out _);

    /// <summary><c>domain-spec</c> of section 7.1: it ends with a macro, or with a dot and a label that can be a top-level domain.</summary>
    public static bool IsDomain(ReadOnlySpan<char> text) => !text.IsEmpty && TryReadMacros(text, out var macroEnd) && (macroEnd == text.Length || EndsWithTopLabel(text));

    /// <summary>The same without a macro, so that the name can be asked for.</summary>
    public static bool IsPlainDomain(ReadOnlySpan<char> text) => DomainName.IsValid(text) && EndsWithTopLabel(text);

    /// <summary>What may stand behind <c>a</c> and <c>mx</c>: a domain, the length of an IPv4 prefix, and that of an IPv6 one behind two slashes.</summary>
    public static bool IsHost(ReadOnlySpan<char> text)
    {
        var lengths = text[(text.TrimEnd("0123456789/").Length)..];
        var slash = lengths.IndexOf('/');
        lengths = slash < 0 ? [] : lengths[slash..];
        var domain = text[..^lengths.Length];
        var two = lengths.IndexOf("//");
        var v4 = two < 0 ? lengths : lengths[..two];
        var v6 = two < 0 ? [] : lengths[two..];
        return (domain.IsEmpty || (domain[0] == ':' && IsDomain(domain[1..])))
            && (v4.IsEmpty || StrictNumber.TryParse(v4[1..], 32, out _)) && (v6.IsEmpty || StrictNumber.TryParse(v6[2..], 128, out _));
    }

    private static bool EndsWithTopLabel(ReadOnlySpan<char> text)
    {
        text = text is [.. var relative, '.'] ? relative : text;
        var label = text[(text.LastIndexOf('.') + 1)..];
        return label.Length < text.Length && !label.IsEmpty && label[0] != '-' && label[^1] != '-'
            && !label.ContainsAnyExcept(LabelCharacters) && label.ContainsAnyExceptInRange('0', '9');
    }

    /// <param name="text">What may hold macros.</param>
    /// <param name="macroEnd">Where the last of them ends; 0 without one.</param>
    private static bool TryReadMacros(ReadOnlySpan<char> text, out int macroEnd)
    {
        macroEnd = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is < '!' or > '~')
            {
                return false;
            }

            if (text[i] != '%')
            {
                continue;
            }

            var length = LengthOfMacro(text[i..]);
            if (length == 0)
            {
                return false;
            }

            macroEnd = i + length;
            i = macroEnd - 1;
        }

        return true;
    }

    private static int LengthOfMacro(ReadOnlySpan<char> text)
    {
        if (text is ['%', '%' or '_' or '-', ..])
        {
            return 2;
        }

        var close = text.IndexOf('}');
        if (text is not ['%', '{', ..] || close < 3 || !MacroLetters.Contains(text[2]))
        {
            return 0;
        }

        var rest = text[3..close].TrimStart("0123456789");
        rest = rest is ['r' or 'R', .. var delimiters] ? delimiters : rest;
        return rest.ContainsAnyExcept(MacroDelimiters) ? 0 : close + 1;
    }
}
