using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OriginGuard.ForeignText;

namespace OriginGuard.Ranges;

/// <summary>
/// One TXT text read as SPF (RFC 7208): the networks and the names of other records that can match, in the order of the text, since the first match decides
/// (section 4.6.2). <c>all</c> ends them, and admits nobody here. <c>a</c>, <c>mx</c>, <c>ptr</c> and <c>exists</c> say nothing about networks: where they
/// admit, they are passed over; where they take somebody out whom a later term admits, the record cannot be decided. A term with a mistake, wherever it
/// stands, makes the whole record one (section 4.6), and so does a name with a macro: there is no mail that would give it a value.
/// </summary>
internal sealed class SpfRecord
{
    /// <summary>The most that the data of one TXT record can hold.</summary>
    public const int MaxLength = 65_535;

    private const string Version = "v=spf1";

    private readonly List<SpfTerm> _terms = [];
    private string? _redirect;
    private bool _hasAll;
    private bool _hasExplanation;
    private string? _undecided;

    private SpfRecord()
    {
    }

    /// <summary>What can match before <c>all</c> does, in the order of the text; host bits cleared, repetitions kept.</summary>
    public IReadOnlyList<SpfTerm> Terms => _terms;

    /// <summary>Without final dot. Null beside an <c>all</c>, wherever that stands (section 6.1).</summary>
    public string? Redirect => _hasAll ? null : _redirect;

    /// <summary>Terms beside <see cref="Terms"/> that cost a lookup where mail is checked: they count as any other (section 4.6.4).</summary>
    public int OtherLookups { get; private set; }

    /// <summary>Whether the record admits more than its networks: by a lookup of mail, or everybody. Where another record takes out whom it admits, that is too little to go by.</summary>
    public bool AdmitsOthers { get; private set; }

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

        mistake = reading.Redirect is null ? null : reading.Undecidable();
        record = mistake is null ? reading : null;
        return record is not null;
    }

    private string? Read(ReadOnlySpan<char> term)
    {
        var equals = term.IndexOf('=');
        if (term.IsEmpty)
        {
            return null;
        }

        return equals >= 0 && SpfSyntax.IsModifierName(term[..equals]) ? ReadModifier(term, term[..equals], term[(equals + 1)..]) : ReadDirective(term);
    }

    private string? ReadDirective(ReadOnlySpan<char> term)
    {
        var directive = term is ['+' or '-' or '~' or '?', ..] ? term[1..] : term;
        var passes = term is not ['-' or '~' or '?', ..];
        var nameEnd = directive.IndexOfAny(':', '/');
        var name = nameEnd < 0 ? directive : directive[..nameEnd];
        var rest = directive[name.Length..];
        var value = rest is [':', .. var given] ? given : [];
        if (Is(name, "all"))
        {
            AdmitsOthers |= passes && !_hasAll;
            _hasAll = true;
            return rest.IsEmpty ? null : Mistake(term, "has something behind all");
        }

        return Is(name, "ip4") ? ReadNetwork(term, StrictNetwork.TryParse(value, AddressFamily.InterNetwork, out var v4), v4, passes)
            : Is(name, "ip6") ? ReadNetwork(term, StrictNetwork.TryParse(value, AddressFamily.InterNetworkV6, out var v6), v6, passes)
            : Is(name, "include") ? ReadInclude(term, value, passes)
            : ReadOther(term, name, rest, passes);
    }

    private string? ReadNetwork(ReadOnlySpan<char> term, bool parsed, IPNetwork network, bool passes)
    {
        if (!parsed)
        {
            return Mistake(term, "does not hold a well-formed network");
        }

        // A mapped network is well formed and matches nobody: who comes over IPv4 is compared with ip4 alone (section 5).
        return network.BaseAddress.IsIPv4MappedToIPv6 ? null : Add(new SpfTerm(passes, network));
    }

    private string? ReadInclude(ReadOnlySpan<char> term, ReadOnlySpan<char> name, bool passes) =>
        SpfSyntax.IsPlainDomain(name) ? Add(new SpfTerm(passes, default, name.TrimEnd('.').ToString())) : Mistake(term, "does not name a domain");

    private string? Add(SpfTerm term)
    {
        if (_hasAll)
        {
            return null;
        }

        _terms.Add(term);
        return term.Passes ? Undecidable() : null;
    }

    private string? ReadOther(ReadOnlySpan<char> term, ReadOnlySpan<char> name, ReadOnlySpan<char> rest, bool passes)
    {
        var isWellFormed = Is(name, "a") || Is(name, "mx") ? SpfSyntax.IsHost(rest)
            : Is(name, "ptr") ? rest.IsEmpty || (rest[0] == ':' && SpfSyntax.IsDomain(rest[1..]))
            : Is(name, "exists") && rest is [':', .. var domain] && SpfSyntax.IsDomain(domain);
        if (!isWellFormed)
        {
            return Mistake(term, "is no mechanism of SPF");
        }

        if (!_hasAll)
        {
            OtherLookups++;
            AdmitsOthers |= passes;
            _undecided ??= passes ? null : term.ToString();
        }

        return null;
    }

    private string? ReadModifier(ReadOnlySpan<char> term, ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        if (Is(name, "redirect"))
        {
            var isSecond = _redirect is not null;
            _redirect = value.TrimEnd('.').ToString();
            return isSecond ? Mistake(term, "is a second redirect") : SpfSyntax.IsPlainDomain(value) ? null : Mistake(term, "does not name a domain");
        }

        if (Is(name, "exp"))
        {
            var isSecond = _hasExplanation;
            _hasExplanation = true;
            return isSecond ? Mistake(term, "is a second exp") : SpfSyntax.IsDomain(value) ? null : Mistake(term, "does not name a domain");
        }

        // Modifiers that nobody knows are passed over (section 6), but not what is none.
        return SpfSyntax.IsMacroString(value) ? null : Mistake(term, "is no modifier");
    }

    private string? Undecidable() =>
        _undecided is null ? null : $"the term \"{PrintableText.From(_undecided)}\" takes addresses out that only a mail server could look up";

    private static string Mistake(ReadOnlySpan<char> term, string what) => $"the term \"{PrintableText.From(term.ToString())}\" {what}";

    // ASCII folding only: in a culture's or Unicode's folding other letters would pass for these.
    private static bool Is(ReadOnlySpan<char> text, string name) => Ascii.EqualsIgnoreCase(text, name);
}
