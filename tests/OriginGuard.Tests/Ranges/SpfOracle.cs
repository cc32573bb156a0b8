using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text.RegularExpressions;

namespace OriginGuard.Tests.Ranges;

/// <summary>The rules of an SPF record once more, as slow and as literal as possible: regular expressions and big integers.</summary>
internal static partial class SpfOracle
{
    /// <summary>The networks that the text admits; null when it is not a well-formed record.</summary>
    public static List<IPNetwork>? Networks(string text)
    {
        if (!Version().IsMatch(text))
        {
            return null;
        }

        var networks = new List<IPNetwork>();
        var reached = true;
        var redirects = 0;
        foreach (var term in text[6..].Split(' '))
        {
            var match = Mechanism().Match(term);
            if (match.Success)
            {
                var value = match.Groups["value"].Value;
                var network = match.Groups["name"].Value[^1] switch
                {
                    '4' => Network(V4(value.Split('/')[0]), 32, value),
                    '6' => Network(V6(value.Split('/')[0]), 128, value),
                    _ => Domain().IsMatch(value) ? default(IPNetwork) : null,
                };
                if (network is null || !match.Groups["colon"].Success)
                {
                    return null;
                }

                if (reached && match.Groups["qualifier"].Value is "" or "+" && match.Groups["name"].Value[^1] is '4' or '6')
                {
                    networks.Add(network.Value);
                }
            }

            var redirect = Redirect().Match(term);
            if (redirect.Success && (++redirects > 1 || !Domain().IsMatch(redirect.Groups["value"].Value)))
            {
                return null;
            }

            reached &= !All().IsMatch(term);
        }

        return networks;
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
        return address >> 32 == 0xffff ? null : address;
    }

    [GeneratedRegex(@"\A[vV]=[sS][pP][fF]1( |\z)")]
    private static partial Regex Version();

    [GeneratedRegex(
        @"\A(?<qualifier>[-+~?]?)(?<name>[iI][pP][46]|[iI][nN][cC][lL][uU][dD][eE])(\z|/|(?<colon>:)(?<value>.*)\z)",
        RegexOptions.Singleline)]
    private static partial Regex Mechanism();

    [GeneratedRegex(@"\A[rR][eE][dD][iI][rR][eE][cC][tT]=(?<value>.*)\z", RegexOptions.Singleline)]
    private static partial Regex Redirect();

    [GeneratedRegex(@"\A[-+~?]?[aA][lL][lL]\z")]
    private static partial Regex All();

    [GeneratedRegex(@"\A[^/]+(/(?<length>0|[1-9][0-9]{0,2}))?\z")]
    private static partial Regex Length();

    [GeneratedRegex(@"\A(?<n>0|[1-9][0-9]{0,2})(\.(?<n>0|[1-9][0-9]{0,2})){3}\z")]
    private static partial Regex Quad();

    [GeneratedRegex(@"\A[0-9a-fA-F]{1,4}\z")]
    private static partial Regex Group();

    [GeneratedRegex(@"\A(?=.{1,253}\.?\z)[-_0-9a-zA-Z]{1,63}(\.[-_0-9a-zA-Z]{1,63})*\.?\z")]
    private static partial Regex Domain();
}
