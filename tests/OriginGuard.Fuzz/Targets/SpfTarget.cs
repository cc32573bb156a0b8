using System.Net;
using System.Text;
using OriginGuard.Ranges;
using OriginGuard.Tests.Ranges;
using static OriginGuard.Fuzz.Targets.BrokenPropertyException;

namespace OriginGuard.Fuzz.Targets;

/// <summary>A record: read as the oracle reads it, and what passes the rules for ranges has no address of a private network and no network of half the internet.</summary>
internal static class SpfTarget
{
    // Where the regular expressions of the oracle still answer at once.
    private const int MostOctets = 1024;

    private static readonly IPNetwork[] Private =
    [
        .. ((string[])["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3", "::/96", "::ffff:0:0/96", "fc00::/7", "fe80::/10", "ff00::/8"])
            .Select(static text => IPNetwork.Parse(text)),
    ];

    private static readonly SourceAddressOptions Limits = new();

    public static bool Play(byte[] input)
    {
        if (input.Length > MostOctets)
        {
            return false;
        }

        // An octet is a character, as in a record.
        var text = Encoding.Latin1.GetString(input);
        var isRead = SpfRecord.TryParse(text, out var record, out var mistake);
        var expected = SpfOracle.Networks(text);
        ThrowUnless(isRead == expected is not null, $"It is {(isRead ? "taken, and the oracle refuses it" : $"refused, and the oracle takes it: {mistake}")}.");
        ThrowUnless(isRead == mistake is null, "A mistake is said, or is not, where there is none, or one.");
        if (record is null || expected is null)
        {
            ThrowUnless(mistake is { Length: < 400 } && mistake.All(static character => character is >= ' ' and <= '~'), "The mistake is not fit for a line of a log.");
            return false;
        }

        IPNetwork[] admitted = [.. record.Terms.Where(static term => term is { Passes: true, Include: null }).Select(static term => term.Network)];
        ThrowUnless(expected.SequenceEqual(record.Terms.Where(static term => term.Include is null).Select(static term => (term.Passes, term.Network))), "The networks are not those of the oracle.");
        if (RangeRules.FirstBreach(admitted, Limits) is null)
        {
            ThrowUnless(admitted is { Length: > 0 and <= RangeRules.MaxNetworks } && !Array.Exists(admitted, IsNobodys), "A private or a too wide network is admitted.");
        }

        return true;
    }

    private static bool IsNobodys(IPNetwork network) =>
        network.PrefixLength < (network.BaseAddress.GetAddressBytes().Length == 4 ? 8 : 16)
        || Array.Exists(Private, other => Bits(other) is var bits && Bits(network) is var own && bits.Length == own.Length && bits[..Shorter(other, network)] == own[..Shorter(other, network)]);

    private static int Shorter(IPNetwork one, IPNetwork other) => Math.Min(one.PrefixLength, other.PrefixLength);

    private static string Bits(IPNetwork network) => string.Concat(network.BaseAddress.GetAddressBytes().Select(static octet => $"{octet:b8}"));
}
