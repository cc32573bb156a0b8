using System.Net;
using System.Numerics;
using OriginGuard.Networks;
using Xunit;

namespace OriginGuard.Tests.Networks;

public class SpecialPurposeNetworksTests
{
    // The registries of IANA, line by line, nested blocks included; then multicast and what is not global unicast.
    private static readonly string[] Registered =
    [
        "0.0.0.0/8", "0.0.0.0/32", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.0.0/29", "192.0.0.8/32", "192.0.0.9/32", "192.0.0.10/32", "192.0.0.170/32", "192.0.0.171/32", "192.0.2.0/24",
        "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.88.99.2/32", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "255.255.255.255/32", "224.0.0.0/4",
        "::1/128", "::/128", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23", "2001::/32",
        "2001:1::1/128", "2001:1::2/128", "2001:1::3/128", "2001:2::/48", "2001:3::/32", "2001:4:112::/48", "2001:10::/28",
        "2001:20::/28", "2001:30::/28", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fc00::/7",
        "fe80::/10", "ff00::/8",
        "::/3", "4000::/2", "8000::/1",
    ];

    public static TheoryData<string> Registry => [.. Registered];

    [Theory]
    [MemberData(nameof(Registry))]
    public void Knows_every_registered_network_and_names_its_document(string network) =>
        Assert.Contains("(RFC ", SpecialPurposeNetworks.Describe(IPNetwork.Parse(network)), StringComparison.Ordinal);

    [Theory]
    [InlineData("127.0.0.1/32", "loopback (RFC 1122)")]
    [InlineData("10.255.255.255/32", "private use (RFC 1918)")]
    [InlineData("172.31.255.0/24", "private use (RFC 1918)")]
    [InlineData("100.127.255.255/32", "shared address space (RFC 6598)")]
    [InlineData("169.254.169.254/32", "link-local (RFC 3927)")]
    [InlineData("::1/128", "loopback (RFC 4291)")]
    [InlineData("::ffff:34.96.0.1/128", "IPv4-mapped (RFC 4291)")]
    [InlineData("fd00::1/128", "unique local (RFC 4193)")]
    [InlineData("fe80::1/128", "link-local (RFC 4291)")]
    [InlineData("fec0::/10", "outside global unicast (RFC 4291)")]
    [InlineData("::34.96.0.1/128", "outside global unicast (RFC 4291)")]
    public void Says_which_network_an_address_belongs_to(string network, string description) =>
        Assert.EndsWith(description, SpecialPurposeNetworks.Describe(IPNetwork.Parse(network)), StringComparison.Ordinal);

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("8.0.0.0/6")]
    [InlineData("100.0.0.0/8")]
    [InlineData("192.0.0.0/8")]
    [InlineData("192.168.0.0/15")]
    [InlineData("198.51.96.0/20")]
    [InlineData("224.0.0.0/3")]
    [InlineData("::/0")]
    [InlineData("2000::/3")]
    [InlineData("2001::/16")]
    [InlineData("2620::/16")]
    [InlineData("3fff::/16")]
    public void Finds_a_special_network_inside_a_wider_one(string network) =>
        Assert.NotNull(SpecialPurposeNetworks.Describe(IPNetwork.Parse(network)));

    [Theory]
    [InlineData("34.96.0.0/20")]
    [InlineData("34.127.192.0/18")]
    [InlineData("34.0.0.0/8")]
    [InlineData("35.191.0.0/16")]
    [InlineData("130.211.0.0/22")]
    [InlineData("1.0.0.0/32")]
    [InlineData("9.255.255.255/32")]
    [InlineData("11.0.0.0/8")]
    [InlineData("100.63.255.255/32")]
    [InlineData("100.128.0.0/32")]
    [InlineData("126.255.255.255/32")]
    [InlineData("128.0.0.0/32")]
    [InlineData("172.15.255.255/32")]
    [InlineData("172.32.0.0/32")]
    [InlineData("192.0.1.0/24")]
    [InlineData("198.17.255.255/32")]
    [InlineData("198.20.0.0/32")]
    [InlineData("223.255.255.255/32")]
    [InlineData("2000::/16")]
    [InlineData("2001:200::/23")]
    [InlineData("2001:db7:ffff::/48")]
    [InlineData("2001:db9::/32")]
    [InlineData("2003::/16")]
    [InlineData("2600:1900::/28")]
    [InlineData("2620:4f:8001::/48")]
    [InlineData("3ffe::/16")]
    [InlineData("3fff:1000::/20")]
    public void Leaves_public_networks_alone(string network) => Assert.Null(SpecialPurposeNetworks.Describe(IPNetwork.Parse(network)));

    [Fact]
    public void Agrees_with_a_comparison_of_first_and_last_addresses()
    {
        var random = new Random(6890);
        var registry = Array.ConvertAll(Registered, network => Span(IPNetwork.Parse(network)));
        for (var i = 0; i < 20_000; i++)
        {
            // Beside a registered network, so that the edges are met: random bits over its first bytes.
            var near = IPNetwork.Parse(Registered[random.Next(Registered.Length)]);
            var network = Near(random, near);
            var (first, last) = Span(network);

            var expected = registry.Any(special => special.First <= last && first <= special.Last);

            Assert.True(expected == SpecialPurposeNetworks.Describe(network) is not null, network.ToString());
        }
    }

    private static IPNetwork Near(Random random, IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        var bits = bytes.Length * 8;
        var flips = random.Next(3);
        for (var flip = 0; flip < flips; flip++)
        {
            var bit = random.Next(bits);
            bytes[bit / 8] ^= (byte)(0x80 >> (bit % 8));
        }

        var length = random.Next(bits + 1);
        for (var bit = length; bit < bits; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), length);
    }

    // IPv4 stands above all of IPv6, so that the families never meet.
    private static (BigInteger First, BigInteger Last) Span(IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        var first = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        first += bytes.Length == 4 ? BigInteger.One << 128 : 0;
        return (first, first + (BigInteger.One << ((bytes.Length * 8) - network.PrefixLength)) - 1);
    }
}
