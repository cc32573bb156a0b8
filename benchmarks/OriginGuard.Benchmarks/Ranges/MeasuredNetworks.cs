using System.Net;

namespace OriginGuard.Benchmarks.Ranges;

/// <summary>The tables of the lookups: two networks as in the real record, and larger ones shaped like the Internet's.</summary>
internal static class MeasuredNetworks
{
    public static IPNetwork[] Ipv4(int count) => count == 2
        ? [IPNetwork.Parse("34.96.0.0/20"), IPNetwork.Parse("34.127.192.0/18")]
        : RoutingTable.Ipv4(900_000)[..count];

    public static IPNetwork[] Ipv6(int count) => count == 2
        ? [IPNetwork.Parse("2600:1901:8000::/36"), IPNetwork.Parse("2a00:1450:4000::/48")]
        : RoutingTable.Ipv6(160_000)[..count];
}
