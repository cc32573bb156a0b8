using System.Net;
using System.Net.Sockets;

namespace OriginGuard;

/// <summary>An immutable set of networks that answers whether one of them contains an address.</summary>
public sealed class CidrTrie
{
    private readonly IPNetwork[] _networks;

    private CidrTrie(IPNetwork[] networks) => _networks = networks;

    /// <summary>How many distinct networks the trie holds.</summary>
    public int Count => _networks.Length;

    /// <summary>Builds a trie.</summary>
    /// <param name="networks">The networks; duplicates count once.</param>
    public static CidrTrie Create(IEnumerable<IPNetwork> networks) => new([.. networks.Distinct()]);

    /// <summary>Whether a network contains the address.</summary>
    /// <param name="address">An address of either family.</param>
    public bool Contains(IPAddress address) => TryGetNetwork(address, out _);

    /// <summary>Whether a network contains the IPv4 address.</summary>
    /// <param name="address">The address in host order.</param>
    public bool Contains(uint address) => Contains(new IPAddress([(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]));

    /// <summary>Finds the longest network that contains the address.</summary>
    /// <param name="address">An address of either family.</param>
    /// <param name="network">The network.</param>
    public bool TryGetNetwork(IPAddress address, out IPNetwork network)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var best = -1;
        for (var i = 0; i < _networks.Length; i++)
        {
            var candidate = _networks[i];
            if (candidate.Contains(plain) && (best < 0 || candidate.PrefixLength > _networks[best].PrefixLength))
            {
                best = i;
            }
        }

        network = best < 0 ? default : _networks[best];
        return best >= 0 && plain.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6;
    }
}
