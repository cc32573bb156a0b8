using System.Net;

namespace OriginGuard.Networks;

/// <summary>
/// Where Google's front ends and health checks connect from to back ends inside Google Cloud (VM, GKE), as the load-balancing documentation lists them. Not to an internet
/// NEG.
/// </summary>
internal static class GoogleFrontEnds
{
    public static IReadOnlyList<IPNetwork> Networks { get; } = [IPNetwork.Parse("35.191.0.0/16"), IPNetwork.Parse("130.211.0.0/22")];

    public static bool Hold(IPAddress address) => Networks.Any(network => network.Contains(address));
}
