using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OriginGuard.ForeignText;

namespace OriginGuard.Ranges;

/// <summary>
/// One TXT text read as SPF (RFC 7208): the networks it admits and the names it refers to. Only an <c>ip4</c>, <c>ip6</c> or <c>include</c>
/// without qualifier or with <c>+</c>, and <c>redirect</c>, contribute; <c>all</c> never does, and what follows it is never reached
/// (section 5.1). Any other term is ignored. A malformed <c>ip4</c>, <c>ip6</c>, <c>include</c> or <c>redirect</c>, whatever its qualifier
/// and place, makes the whole record a mistake (section 4.6). Macros are not expanded, so a name with one is malformed here.
/// </summary>
internal sealed class SpfRecord
{
    /// <summary>The most that the data of one TXT record can hold.</summary>
    public const int MaxLength = 65_535;

    private const string Version = "v=spf1";

    private readonly List<IPNetwork> _networks = [];
    private readonly List<string> _includes = [];
    private string? _redirect;
    private bool _hasAll;

    private SpfRecord()
    {
    }

    /// <summary>In the order of the text; host bits cleared, repetitions kept.</summary>
    public IReadOnlyList<IPNetwork> Networks => _networks;

    /// <summary>In the order of the text, without final dot.</summary>
    public IReadOnlyList<string> Includes => _includes;

    /// <summary>Without final dot. Null beside an <c>all</c>, wherever that stands (section 6.1).</summary>
    public string? Redirect => _hasAll ? null : _redirect;

    /// <summary>
    /// Whether the text claims to be SPF: it begins with the version, in upper or lower case (RFC 5234, section 2.3), and a space or the
    /// end follows (RFC 7208, section 4.5).
    /// </summary>
    public static bool IsSpf(ReadOnlySpan<char> text) =>
        text.Length >= Version.Length
        && Ascii.EqualsIgnoreCase(text[..Version.Length], Version)
        && (text.Length == Version.Length || text[Version.Length] == ' ');

    public static bool TryParse(
        ReadOnlySpan<char> text, [NotNullWhen(true)] out SpfRecord? record, [NotNullWhen(false)] out string? mistake)
    {
        record = null;
        mistake = !IsSpf(text) ? "the text does not begin with v=spf1"
            : text.Length > MaxLength ? $"the record is longer than {MaxLength} characters"
            : null;
        if (mistake is not null)
        {
            return false;
        }

        var reading = new SpfRecord();
        var terms = text[Version.Length..];
        foreach (var range in terms.Split(' '))
        {
            mistake = reading.Read(terms[range]);
            if (mistake is not null)
            {
                return false;
            }
        }

        record = reading;
        return true;
    }

    private string? Read(ReadOnlySpan<char> term)
    {
        var qualified = term is ['+' or '-' or '~' or '?', ..];
        var directive = qualified ? term[1..] : term;
        var admits = !_hasAll && term is not ['-' or '~' or '?', ..];

        var nameEnd = directive.IndexOfAny(':', '=', '/');
        var name = nameEnd < 0 ? directive : directive[..nameEnd];
        if (nameEnd >= 0 && directive[nameEnd] == '=')
        {
            // A modifier takes no qualifier (section 4.6.1): with one, and by any other name, it is a term that is ignored.
            return !qualified && Is(name, "redirect") ? ReadRedirect(term, directive[(nameEnd + 1)..]) : null;
        }

        var value = nameEnd >= 0 && directive[nameEnd] == ':' ? directive[(nameEnd + 1)..] : [];
        _hasAll |= Is(directive, "all");
        return Is(name, "ip4") ? ReadNetwork(term, StrictNetwork.TryParse(value, AddressFamily.InterNetwork, out var v4), v4, admits)
            : Is(name, "ip6") ? ReadNetwork(term, StrictNetwork.TryParse(value, AddressFamily.InterNetworkV6, out var v6) && !v6.BaseAddress.IsIPv4MappedToIPv6, v6, admits)
            : Is(name, "include") ? ReadInclude(term, value, admits)
            : null;
    }

    private string? ReadNetwork(ReadOnlySpan<char> term, bool parsed, IPNetwork network, bool admits)
    {
        if (!parsed)
        {
            return $"the term \"{PrintableText.From(term.ToString())}\" does not hold a well-formed network";
        }

        if (admits)
        {
            _networks.Add(network);
        }

        return null;
    }

    private string? ReadInclude(ReadOnlySpan<char> term, ReadOnlySpan<char> name, bool admits)
    {
        if (!DomainName.IsValid(name))
        {
            return $"the term \"{PrintableText.From(term.ToString())}\" does not name a domain";
        }

        if (admits)
        {
            _includes.Add(name.TrimEnd('.').ToString());
        }

        return null;
    }

    private string? ReadRedirect(ReadOnlySpan<char> term, ReadOnlySpan<char> name)
    {
        if (!DomainName.IsValid(name))
        {
            return $"the term \"{PrintableText.From(term.ToString())}\" does not name a domain";
        }

        if (_redirect is not null)
        {
            return $"the term \"{PrintableText.From(term.ToString())}\" is a second redirect";
        }

        _redirect = name.TrimEnd('.').ToString();
        return null;
    }

    // ASCII folding only: in a culture's or Unicode's folding other letters would pass for these.
    private static bool Is(ReadOnlySpan<char> text, string name) => Ascii.EqualsIgnoreCase(text, name);
}
