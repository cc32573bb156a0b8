using System.Net;
using OriginGuard.Configuration;

namespace OriginGuard.PublishedLists;

/// <summary>Configured networks in which Google's customers rent machines.</summary>
internal static class RentedNetworks
{
    /// <summary>The sentence about the first of them in a list; null for a list without any.</summary>
    public static string? Weakness(IPNetwork[] networks, string key) => BuiltInNetworks.Networks.FirstRented(networks.Select(NetworkRules.ToIpv4)) is var (network, customers)
        ? $"{key} holds {network}, and {customers} in it: Google rents that one to its customers, and a machine of any of them passes. "
            + "Name the networks that your load balancer or your probes send from: `originguard ranges` lists the load balancer's."
        : null;
}
