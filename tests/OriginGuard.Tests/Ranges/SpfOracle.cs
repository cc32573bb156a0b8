using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text.RegularExpressions;

namespace OriginGuard.Tests.Ranges;

/// <summary>The rules of an SPF record once more, as slow and as literal as possible: regular expressions and big integers.</summary>
internal static partial class SpfOracle
{
    private const string Macro = @"(%[%_-]|%\{[slodiphcrtvSLODIPHCRTV][0-9]*[rR]?[-.+,/_=]*\})";
    private const string MacroString = @"([!-$&-~]|" + Macro + ")*";
    private const string TopLabel = @"(?=[-0-9a-zA-Z]*[-a-zA-Z])[0-9a-zA-Z]([-0-9a-zA-Z]*[0-9a-zA-Z])?";
    private const string Domain = "(" + MacroString + @"(\." + TopLabel + @"\.?|" + Macro + "))";
    private const string Plain = @"(?=[^/%]{1,253}\.?\z)(?![^ ]*[^.]{64})([-_0-9a-zA-Z]{1,63}\.)+" + TopLabel + @"\.?";

    /// <summary>The networks that the text names before <c>all</c>, and whether it admits them; null when it is not a well-formed record.</summary>
    public static List<(bool Passes, IPNetwork Network)>? Networks(string text)
    {
        if (!Version().IsMatch(text))
        {
            return null;
        }

        var networks = new List<(bool, IPNetwork)>();
        var (reached, undecided, redirects, explanations) = (true, false, 0, 0);
        foreach (var term in text[6..].Split(' ').Where(static term => term.Length > 0))
        {
            var passes = term[0] is not ('-' or '~' or '?');
            if (Address().Match(term) is { Success: true } match)
            {
                var value = match.Groups["value"].Value;
                var network = match.Groups["name"].Value[^1] is '4' ? Network(V4(value.Split('/')[0]), 32, value) : Network(V6(value.Split('/')[0]), 128, value);
                if (network is null || (reached && passes && undecided && !network.Value.BaseAddress.IsIPv4MappedToIPv6))
                {
                    return null;
                }

                if (reached && !network.Value.BaseAddress.IsIPv4MappedToIPv6)
                {
                    networks.Add((passes, network.Value));
                }
            }
            else if (Include().IsMatch(term))
            {
                if (reached && passes && undecided)
                {
                    return null;
                }
            }
            else if (Other().IsMatch(term))
            {
                undecided |= reached && !passes;
            }
            else if (Modifier().Match(term) is { Success: true } modifier)
            {
                redirects += modifier.Groups["redirect"].Success ? 1 : 0;
                explanations += modifier.Groups["exp"].Success ? 1 : 0;
                if (redirects > 1 || explanations > 1)
                {
                    return null;
                }
            }
            else if (All().IsMatch(term))
            {
                reached = false;
            }
            else
            {
                return null;
            }
        }

        return reached && redirects > 0 && undecided ? null : networks;
    }

    private static IPNetwork? Network(BigInteger? address, int bits, string value)
    {
        if (address is null || Length().Match(value) is not { Success: true } match)
        {
            return null;
        }

        var length = match.Groups["length"].Success ? int.Parse(match.Groups["length"].Value, CultureInfo.InvariantCulture) : bits;
        if (length > bits)
        {
            return null;
        }

        var size = BigInteger.One << (bits - length);
        var first = address.Value / size * size;
        byte[] bytes = [.. Enumerable.Range(0, bits / 8).Select(i => (byte)((first >> (bits - 8 - (8 * i))) & 255))];
        return new IPNetwork(new IPAddress(bytes), length);
    }

    private static BigInteger? V4(string text)
    {
        var match = Quad().Match(text);
        int[] numbers = [.. match.Groups["n"].Captures.Select(n => int.Parse(n.Value, CultureInfo.InvariantCulture))];
        return match.Success && numbers.All(n => n <= 255)
            ? numbers.Aggregate(BigInteger.Zero, (sum, n) => (sum * 256) + n)
            : null;
    }

    private static BigInteger? V6(string text)
    {
        var colon = text.LastIndexOf(':');
        if (text.Contains('.', StringComparison.Ordinal))
        {
            if (colon < 0 || V4(text[(colon + 1)..]) is not { } quad)
            {
                return null;
            }

            text = string.Create(CultureInfo.InvariantCulture, $"{text[..(colon + 1)]}{(int)(quad >> 16):x}:{(int)(quad & 65535):x}");
        }

        var halves = text.Split("::");
        string[] left = halves[0].Length == 0 ? [] : halves[0].Split(':');
        string[] right = halves.Length < 2 || halves[1].Length == 0 ? [] : halves[1].Split(':');
        var missing = 8 - left.Length - right.Length;
        if (halves.Length > 2 || (halves.Length == 2 ? missing < 1 : missing != 0))
        {
            return null;
        }

        string[] groups = [.. left, .. Enumerable.Repeat("0", missing), .. right];
        if (!groups.All(group => Group().IsMatch(group)))
        {
            return null;
        }

        var address = groups.Aggregate(BigInteger.Zero, (sum, group) => (sum << 16) + Convert.ToInt32(group, 16));
        return address;
    }

    [GeneratedRegex(@"\A[vV]=[sS][pP][fF]1( |\z)")]
    private static partial Regex Version();

    [GeneratedRegex(@"\A[-+~?]?(?<name>[iI][pP][46]):(?<value>.*)\z", RegexOptions.Singleline)]
    private static partial Regex Address();

    [GeneratedRegex(@"\A[-+~?]?[iI][nN][cC][lL][uU][dD][eE]:" + Plain + @"\z")]
    private static partial Regex Include();

    [GeneratedRegex(@"\A[-+~?]?(([aA]|[mM][xX])(:" + Domain + @")?(/(0|[12]?[0-9]|3[0-2]))?(//(0|[1-9]?[0-9]|1[01][0-9]|12[0-8]))?|[pP][tT][rR](:" + Domain + ")?|[eE][xX][iI][sS][tT][sS]:" + Domain + @")\z")]
    private static partial Regex Other();

    [GeneratedRegex(@"\A((?<redirect>[rR][eE][dD][iI][rR][eE][cC][tT]=)" + Plain + @"|(?<exp>[eE][xX][pP]=)" + Domain + @"|(?!([rR][eE][dD][iI][rR][eE][cC][tT]|[eE][xX][pP])=)[a-zA-Z][-_.0-9a-zA-Z]*=" + MacroString + @")\z")]
    private static partial Regex Modifier();

    [GeneratedRegex(@"\A[-+~?]?[aA][lL][lL]\z")]
    private static partial Regex All();

    [GeneratedRegex(@"\A[^/]+(/(?<length>0|[1-9][0-9]{0,2}))?\z")]
    private static partial Regex Length();

    [GeneratedRegex(@"\A(?<n>0|[1-9][0-9]{0,2})(\.(?<n>0|[1-9][0-9]{0,2})){3}\z")]
    private static partial Regex Quad();

    [GeneratedRegex(@"\A[0-9a-fA-F]{1,4}\z")]
    private static partial Regex Group();
}
