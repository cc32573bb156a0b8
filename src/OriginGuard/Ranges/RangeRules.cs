using System.Net;
using System.Net.Sockets;
using OriginGuard.Networks;

namespace OriginGuard.Ranges;

/// <summary>What ranges must keep to before anybody is admitted by them, whether they come from DNS or from a file.</summary>
internal static class RangeRules
{
    /// <summary>Far above what a load balancer publishes, far below what would burden the origin.</summary>
    public const int MaxNetworks = 10_000;

    // As much as one network of the default MinPrefixLength holds: a /8, and a /16 of IPv6.
    private const int MaxBitsV4 = 24;
    private const int MaxBitsV6 = 112;

    /// <summary>Google's list has 20,480 addresses of IPv4; one that adds a /16 is about four times as large.</summary>
    private const int MaxGrowth = 16;

    // A list of a few addresses may grow to a /16, or to a /48, whatever it was.
    private static readonly UInt128 SmallV4 = UInt128.One << 16;
    private static readonly UInt128 SmallV6 = UInt128.One << 80;

    /// <summary>Returns the first rule that the networks break; null when they keep to all.</summary>
    public static RangeBreach? FirstBreach(IReadOnlyCollection<IPNetwork> networks, SourceAddressOptions limits)
    {
        if (networks.Count == 0)
        {
            return new RangeBreach(RangeFailure.NoNetworks, "there is no network to admit");
        }

        if (networks.Count > MaxNetworks)
        {
            return new RangeBreach(RangeFailure.TooManyNetworks, $"{networks.Count} networks; at most {MaxNetworks} are taken");
        }

        foreach (var network in networks)
        {
            if (Breach(network, limits) is { } breach)
            {
                return breach;
            }
        }

        return SumBreach(networks, AddressFamily.InterNetwork, Math.Max(32 - limits.MinPrefixLengthV4, MaxBitsV4))
            ?? SumBreach(networks, AddressFamily.InterNetworkV6, Math.Max(128 - limits.MinPrefixLengthV6, MaxBitsV6));
    }

    /// <summary>
    /// Whether an answer admits so many more addresses than the one in force that it is more likely somebody else's than Google's. Networks of a family that had
    /// none are no growth.
    /// </summary>
    public static RangeBreach? GrowthBreach(IReadOnlyCollection<IPNetwork> before, IReadOnlyCollection<IPNetwork> after) =>
        GrowthBreach(before, after, AddressFamily.InterNetwork, SmallV4) ?? GrowthBreach(before, after, AddressFamily.InterNetworkV6, SmallV6);

    /// <summary>
    /// Whether an answer takes away so many of the addresses in force that somebody should look at it. It is taken: Google may do so, and it lets nobody in.
    /// </summary>
    public static bool HasShrunk(IReadOnlyCollection<IPNetwork> before, IReadOnlyCollection<IPNetwork> after) =>
        HasShrunk(before, after, AddressFamily.InterNetwork) || HasShrunk(before, after, AddressFamily.InterNetworkV6);

    /// <summary>Whether an answer holds no more addresses, of either family, than another did.</summary>
    public static bool HoldsNoMore(IReadOnlyCollection<IPNetwork> before, IReadOnlyCollection<IPNetwork> after) => Array.TrueForAll(
        [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6], family => NetworkSet.CountAddresses(after, family) <= NetworkSet.CountAddresses(before, family));

    // What both hold, and not how much each holds: others may have come into the place of what went.
    private static bool HasShrunk(IReadOnlyCollection<IPNetwork> before, IReadOnlyCollection<IPNetwork> after, AddressFamily family)
    {
        var was = NetworkSet.CountAddresses(before, family);
        var stays = was + NetworkSet.CountAddresses(after, family) - NetworkSet.CountAddresses(before.Concat(after), family);
        return was > 0 && (was - 1) / MaxGrowth >= stays;
    }

    private static RangeBreach? GrowthBreach(IReadOnlyCollection<IPNetwork> before, IReadOnlyCollection<IPNetwork> after, AddressFamily family, UInt128 small)
    {
        var (was, would) = (NetworkSet.CountAddresses(before, family), NetworkSet.CountAddresses(after, family));
        return was > 0 && would > small && (would - 1) / MaxGrowth >= was
            ? new RangeBreach(RangeFailure.GrownTooFast, $"{would} addresses of {Name(family)} where {was} are in force; at most {MaxGrowth} times as many are taken at once")
            : null;
    }

    /// <summary>All networks together hold no more addresses than one wide network may: many narrow ones would let in as many. What nobody on the internet has does not count.</summary>
    private static RangeBreach? SumBreach(IReadOnlyCollection<IPNetwork> networks, AddressFamily family, int bits)
    {
        if (bits >= 128)
        {
            return null;
        }

        var (sum, most) = (NetworkSet.CountAddresses(networks.Where(static network => !SpecialPurposeNetworks.Hold(network)), family), UInt128.One << bits);
        return sum > most
            ? new RangeBreach(RangeFailure.TooManyAddresses, $"{sum} addresses of {Name(family)} in {networks.Count} networks; together they may hold no more than {most}")
            : null;
    }

    private static string Name(AddressFamily family) => family is AddressFamily.InterNetwork ? "IPv4" : "IPv6";

    private static RangeBreach? Breach(IPNetwork network, SourceAddressOptions limits)
    {
        var least = network.BaseAddress.AddressFamily is AddressFamily.InterNetwork ? limits.MinPrefixLengthV4 : limits.MinPrefixLengthV6;
        if (network.PrefixLength < least)
        {
            return new RangeBreach(RangeFailure.TooWide, $"{network} is wider than /{least}");
        }

        return !limits.AllowNonPublicNetworks && SpecialPurposeNetworks.Describe(network) is { } special
            ? new RangeBreach(RangeFailure.NonPublic, $"{network} is not a public network: it overlaps {special}")
            : null;
    }
}
