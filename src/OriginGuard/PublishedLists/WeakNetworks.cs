using System.Net;
using OriginGuard.Configuration;

namespace OriginGuard.PublishedLists;

/// <summary>Configured networks in which somebody else can have a machine: by their width, or by Google's lists.</summary>
internal static class WeakNetworks
{
    /// <summary>The sentence about a list of networks; null for an ordinary one.</summary>
    public static string? Find(IPNetwork[] networks, string key) => NetworkRules.Weakness(networks, key) ?? Rented(networks, key);

    private static string? Rented(IPNetwork[] networks, string key) => BuiltInNetworks.Networks.FirstRented(networks.Select(NetworkRules.ToIpv4)) is var (network, customers)
        ? $"{key} holds {network}, and {customers} in it: Google rents that one to its customers, and a machine of any of them passes. "
            + "Name the networks that your load balancer or your probes send from: `originguard ranges` lists the load balancer's."
        : null;
}
