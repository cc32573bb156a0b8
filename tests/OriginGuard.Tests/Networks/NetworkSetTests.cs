using System.Net;
using System.Net.Sockets;
using OriginGuard.Networks;
using Xunit;

namespace OriginGuard.Tests.Networks;

public sealed class NetworkSetTests
{
    [Theory]
    [InlineData("34.96.0.0/20", "34.96.8.0/24", true)]
    [InlineData("34.96.8.0/24", "34.96.0.0/20", true)]
    [InlineData("34.96.0.0/20", "34.96.16.0/20", false)]
    [InlineData("34.96.0.0/20", "::/3", false)]
    [InlineData("0.0.0.0/0", "::/0", false)]
    [InlineData("2600::/16", "2600:1900::/28", true)]
    public void Networks_overlap_only_within_their_family(string left, string right, bool overlap)
    {
        Assert.Equal(overlap, NetworkSet.Overlap(IPNetwork.Parse(left), IPNetwork.Parse(right)));
        Assert.Equal(overlap, NetworkSet.Overlap(IPNetwork.Parse(right), IPNetwork.Parse(left)));
    }

    [Theory]
    [InlineData("34.96.0.0/20", "34.96.8.0/24", true)]
    [InlineData("34.96.0.0/20", "34.96.0.0/20", true)]
    [InlineData("34.96.8.0/24", "34.96.0.0/20", false)]
    [InlineData("34.96.0.0/20", "34.96.16.0/24", false)]
    [InlineData("::/0", "34.96.0.0/20", false)]
    [InlineData("0.0.0.0/0", "::/1", false)]
    [InlineData("2600::/16", "2600:1900::/28", true)]
    public void One_network_contains_another_only_within_its_family(string outer, string inner, bool contains) =>
        Assert.Equal(contains, NetworkSet.Contain(IPNetwork.Parse(outer), IPNetwork.Parse(inner)));

    [Theory]
    [InlineData("34.96.0.0/21 34.96.8.0/21", "34.96.0.0/20")]
    [InlineData("34.96.8.0/24 34.96.0.0/20 34.96.0.0/20", "34.96.0.0/20")]
    [InlineData("2600:8000::/17 10.0.0.0/9 2600::/17 10.128.0.0/9", "10.0.0.0/8 2600::/16")]
    [InlineData("34.96.1.0/24 34.96.2.0/24", "34.96.1.0/24 34.96.2.0/24")]
    public void Aggregates_to_the_fewest_networks(string networks, string expected) => Assert.Equal(expected, Text(NetworkSet.Aggregate(Parse(networks))));

    [Fact]
    public void Orders_ipv4_first_then_by_address_then_the_wider() =>
        Assert.Equal("9.0.0.0/8 10.0.0.0/8 10.0.0.0/9 2600::/16", Text(NetworkSet.InOrder(Parse("2600::/16 10.0.0.0/9 10.0.0.0/8 9.0.0.0/8"))));

    [Theory]
    [InlineData("34.96.0.0/24", "34.96.0.128/25", "34.96.0.0/25")]
    [InlineData("34.96.0.0/24", "34.0.0.0/8", "")]
    [InlineData("34.96.0.0/24", "::/0 35.0.0.0/8", "34.96.0.0/24")]
    [InlineData("34.96.0.0/24", "34.96.0.0/25 34.96.0.128/26", "34.96.0.192/26")]
    public void Subtracts(string network, string others, string expected) => Assert.Equal(expected, Text(NetworkSet.Subtract(IPNetwork.Parse(network), Parse(others))));

    [Theory]
    [InlineData("34.96.0.0/20 34.96.0.0/24 34.127.192.0/18", AddressFamily.InterNetwork, "20480")]
    [InlineData("0.0.0.0/0", AddressFamily.InterNetwork, "4294967296")]
    [InlineData("34.96.0.0/20", AddressFamily.InterNetworkV6, "0")]
    [InlineData("2600::/16", AddressFamily.InterNetworkV6, "5192296858534827628530496329220096")]
    public void Counts_each_address_once(string networks, AddressFamily family, string count) =>
        Assert.Equal(UInt128.Parse(count, null), NetworkSet.CountAddresses(Parse(networks), family));

    [Fact]
    public void Counts_all_of_ipv6_without_an_overflow() => Assert.Equal(UInt128.MaxValue, NetworkSet.CountAddresses(Parse("::/0"), AddressFamily.InterNetworkV6));

    [Fact]
    public void Agrees_with_counting_on_every_address_of_a_small_world()
    {
        var random = new Random(4632);
        for (var i = 0; i < 200; i++)
        {
            IPNetwork[] networks = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Some())], others = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Some())];
            IPNetwork[] left = [.. networks.SelectMany(network => NetworkSet.Subtract(network, others))];
            var aggregated = NetworkSet.Aggregate(networks);
            var held = 0;
            for (var address = 0; address < 256; address++)
            {
                var peer = new IPAddress([34, 96, 0, (byte)address]);
                var isIn = networks.Any(network => network.Contains(peer));
                held += isIn ? 1 : 0;
                Assert.Equal(isIn, aggregated.Any(network => network.Contains(peer)));
                Assert.Equal(isIn && !others.Any(other => other.Contains(peer)), left.Any(network => network.Contains(peer)));
            }

            Assert.Equal((UInt128)held, NetworkSet.CountAddresses(networks, AddressFamily.InterNetwork));
        }

        IPNetwork Some() => new(new IPAddress([34, 96, 0, (byte)random.Next(256)]), random.Next(24, 33));
    }

    private static IPNetwork[] Parse(string networks) => [.. networks.Split(' ').Select(IPNetwork.Parse)];

    private static string Text(IEnumerable<IPNetwork> networks) => string.Join(' ', networks);
}
