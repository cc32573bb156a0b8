using System.Net;
using System.Net.Sockets;
using OriginGuard.ForeignText;
using OriginGuard.Networks;
using OriginGuard.Settings;

namespace OriginGuard.Configuration;

/// <summary>What configured networks must be, and when they are so wide that they hold nobody back.</summary>
internal static class NetworkRules
{
    private const int MappedPrefixLength = 96;
    private const int WideV4 = 8;
    private const int WideV6 = 16;
    private const int MostNamed = 3;

    /// <summary>RFC 6052, section 2.1.</summary>
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>A sixteenth of the public addresses: 2^28 of IPv4, and of IPv6 2^121 of 2000::/3.</summary>
    private static readonly UInt128 MostV4 = UInt128.One << 28;
    private static readonly UInt128 MostV6 = UInt128.One << 121;

    public static void Validate(IPNetwork[] networks, string key, string remedy, ReadingNotes reading, ICollection<string> mistakes)
    {
        for (var i = 0; i < networks.Length; i++)
        {
            var element = reading.Element(key, i);
            if (Unmap(networks[i]).PrefixLength == 0 && !mistakes.Any(mistake => mistake.StartsWith($"{element} ", StringComparison.Ordinal)))
            {
                mistakes.Add($"{element} is {networks[i]}, which is every address (or a network that nobody set); a network with a prefix length of 1 or more is needed. {remedy}");
            }
        }
    }

    /// <summary>The sentence about a list in which anybody can rent a machine; null for an ordinary one.</summary>
    public static string? Weakness(IPNetwork[] networks, string key)
    {
        IPNetwork[] known = [.. networks.Select(ToIpv4)];
        IPNetwork[] wide = [.. networks.Where(static network => IsWide(ToIpv4(network))).Select(Unmap)];
        if (wide.Length > 0)
        {
            return $"{key} holds {string.Join(", ", wide.Take(MostNamed))}{(wide.Length > MostNamed ? $" and {wide.Length - MostNamed} more as wide" : "")}: anybody can rent a machine in there. "
                + "Name the networks that your load balancer or your probes send from.";
        }

        return Covered(known, AddressFamily.InterNetwork) > MostV4 || Covered(known, AddressFamily.InterNetworkV6) > MostV6
            ? $"{key} covers more than a sixteenth of all public addresses, in {ShownText.Count(networks.Length, "network")}: anybody can rent a machine in there. "
                + "Name the networks that your load balancer or your probes send from."
            : null;
    }

    /// <summary>An IPv4-mapped network is the IPv4 network that it maps, as for the trie.</summary>
    public static IPNetwork Unmap(IPNetwork network) => network.PrefixLength >= MappedPrefixLength && network.BaseAddress.IsIPv4MappedToIPv6
        ? new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedPrefixLength)
        : network;

    /// <summary>As whom the internet knows who is in there: what a translator has made of IPv4 by the well-known prefix is the IPv4 network, too.</summary>
    public static IPNetwork ToIpv4(IPNetwork network) => NetworkSet.Contain(Translated, network)
        ? new IPNetwork(new IPAddress(network.BaseAddress.GetAddressBytes().AsSpan(12)), network.PrefixLength - MappedPrefixLength)
        : Unmap(network);

    private static bool IsWide(IPNetwork network) =>
        network.PrefixLength <= (Family(network) is AddressFamily.InterNetwork ? WideV4 : WideV6) && !SpecialPurposeNetworks.Hold(network);

    /// <summary>How many addresses that are anybody's the networks of a family cover, each counted once.</summary>
    private static UInt128 Covered(IPNetwork[] networks, AddressFamily family) =>
        NetworkSet.CountAddresses(networks.Where(static network => !SpecialPurposeNetworks.Hold(network)), family);

    private static AddressFamily Family(IPNetwork network) => network.BaseAddress.AddressFamily;
}
