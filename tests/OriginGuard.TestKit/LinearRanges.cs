using System.Net;
using System.Net.Sockets;

namespace OriginGuard.TestKit;

/// <summary>The slow oracle for <see cref="CidrTrie"/>: asks one network after the other with the framework's own comparison.</summary>
public sealed class LinearRanges
{
    private readonly IPNetwork[] _networks;

    public LinearRanges(IEnumerable<IPNetwork> networks) => _networks = [.. networks.Select(Unmap).Distinct()];

    public int Count => _networks.Length;

    public bool Contains(IPAddress address) => Longest(address) is not null;

    public IPNetwork? Longest(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        IPNetwork? longest = null;
        foreach (var network in _networks)
        {
            if (network.Contains(plain) && !(network.PrefixLength <= longest?.PrefixLength))
            {
                longest = network;
            }
        }

        return longest;
    }

    private static IPNetwork Unmap(IPNetwork network) =>
        network.BaseAddress.AddressFamily is AddressFamily.InterNetworkV6 && network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= 96
            ? new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - 96)
            : network;
}
