using System.Net;
using System.Net.Sockets;
using OriginGuard.Networks;

namespace OriginGuard.Ranges;

/// <summary>What ranges must keep to before anybody is admitted by them, whether they come from DNS or from a file.</summary>
internal static class RangeRules
{
    /// <summary>Far above what a load balancer publishes, far below what would burden the origin.</summary>
    public const int MaxNetworks = 10_000;

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

        return null;
    }

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
