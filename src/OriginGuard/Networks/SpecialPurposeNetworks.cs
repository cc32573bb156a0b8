using System.Net;

namespace OriginGuard.Networks;

/// <summary>
/// Networks that are nobody's public source address: the special-purpose registries of IANA (RFC 6890) for both families, multicast, and
/// what was never given out. A registered block that lies inside another one of the list is not repeated.
/// </summary>
internal static class SpecialPurposeNetworks
{
    private static readonly (IPNetwork Network, string Description)[] All =
    [
        Entry("0.0.0.0/8", "this network (RFC 791)"),
        Entry("10.0.0.0/8", "private use (RFC 1918)"),
        Entry("100.64.0.0/10", "shared address space (RFC 6598)"),
        Entry("127.0.0.0/8", "loopback (RFC 1122)"),
        Entry("169.254.0.0/16", "link-local (RFC 3927)"),
        Entry("172.16.0.0/12", "private use (RFC 1918)"),
        Entry("192.0.0.0/24", "IETF protocol assignments (RFC 6890)"),
        Entry("192.0.2.0/24", "documentation (RFC 5737)"),
        Entry("192.31.196.0/24", "AS112 (RFC 7535)"),
        Entry("192.52.193.0/24", "automatic multicast tunneling (RFC 7450)"),
        Entry("192.88.99.0/24", "6to4 relay anycast (RFC 7526)"),
        Entry("192.168.0.0/16", "private use (RFC 1918)"),
        Entry("192.175.48.0/24", "AS112 (RFC 7534)"),
        Entry("198.18.0.0/15", "benchmarking (RFC 2544)"),
        Entry("198.51.100.0/24", "documentation (RFC 5737)"),
        Entry("203.0.113.0/24", "documentation (RFC 5737)"),
        Entry("224.0.0.0/4", "multicast (RFC 5771)"),
        Entry("240.0.0.0/4", "reserved, with limited broadcast (RFC 1112, RFC 919)"),

        Entry("::/128", "unspecified address (RFC 4291)"),
        Entry("::1/128", "loopback (RFC 4291)"),
        Entry("::ffff:0:0/96", "IPv4-mapped (RFC 4291)"),
        Entry("64:ff9b::/96", "IPv4/IPv6 translation (RFC 6052)"),
        Entry("64:ff9b:1::/48", "local IPv4/IPv6 translation (RFC 8215)"),
        Entry("100::/64", "discard-only (RFC 6666)"),
        Entry("100:0:0:1::/64", "dummy prefix (RFC 9780)"),
        Entry("2001::/23", "IETF protocol assignments, Teredo among them (RFC 2928)"),
        Entry("2001:db8::/32", "documentation (RFC 3849)"),
        Entry("2002::/16", "6to4 (RFC 3056)"),
        Entry("2620:4f:8000::/48", "AS112 (RFC 7534)"),
        Entry("3fff::/20", "documentation (RFC 9637)"),
        Entry("5f00::/16", "segment routing identifiers (RFC 9602)"),
        Entry("fc00::/7", "unique local (RFC 4193)"),
        Entry("fe80::/10", "link-local (RFC 4291)"),
        Entry("ff00::/8", "multicast (RFC 4291)"),

        // Global unicast is 2000::/3; these three are everything else, behind the entries that have a name of their own.
        Entry("::/3", "outside global unicast (RFC 4291)"),
        Entry("4000::/2", "outside global unicast (RFC 4291)"),
        Entry("8000::/1", "outside global unicast (RFC 4291)"),
    ];

    /// <summary>Says which special-purpose network shares an address with this one, lies in it or around it; null for none.</summary>
    public static string? Describe(IPNetwork network)
    {
        foreach (var (special, description) in All)
        {
            if (NetworkSet.Overlap(network, special))
            {
                return $"{special}, {description}";
            }
        }

        return null;
    }

    /// <summary>Whether every address of this network is special-purpose, so that nobody on the internet has it.</summary>
    public static bool Hold(IPNetwork network) =>
        Array.Exists(All, special => special.Network.PrefixLength <= network.PrefixLength && NetworkSet.Overlap(network, special.Network));

    private static (IPNetwork Network, string Description) Entry(string network, string description) =>
        (IPNetwork.Parse(network), description);
}
