using System.Buffers.Binary;
using System.Net;
using OriginGuard.Networks;
using Xunit;

namespace OriginGuard.Tests.Networks;

/// <summary>How large the root of a trie becomes: too large costs memory, too small costs steps, and neither shows in an answer.</summary>
public sealed class RootSizeTests
{
    [Theory]
    [InlineData(new[] { "34.96.0.0/20" }, 24, 2560, 24)] // 16 slots
    [InlineData(new[] { "34.0.0.0/20", "34.96.0.0/20" }, 24, 24_592, 24)] // from 34.0.0 to 34.96.15
    [InlineData(new[] { "34.0.0.0/20", "34.96.0.0/20" }, 24, 24_591, 16)]
    [InlineData(new[] { "34.0.0.0/20", "34.96.0.0/20" }, 23, 99_999, 16)] // whole steps of eight bits
    [InlineData(new[] { "1.0.0.0/20", "200.96.0.0/20" }, 24, 1, 8)] // always fits
    [InlineData(new[] { "34.96.0.0/20" }, 5, 2560, 8)]
    public void The_finest_root_that_fits_is_taken(string[] networks, int finest, long budget, int bits) => Assert.Equal(bits, RootSize.Choose(Coverage(networks), finest, budget));

    [Theory]
    [InlineData(new[] { "34.96.0.0/24", "34.96.255.0/24" }, 16)] // a leaf holds the last eight bits
    [InlineData(new[] { "34.96.0.0/25", "34.96.255.0/24" }, 24)]
    [InlineData(new[] { "34.96.0.0/16" }, 8)]
    [InlineData(new[] { "34.0.0.0/25", "34.9.255.0/25" }, 24)] // 2,560 slots
    [InlineData(new[] { "34.0.0.0/25", "34.10.0.0/25" }, 16)]
    public void An_ipv4_root_is_as_fine_as_2560_slots_and_the_last_bit_that_counts_allow(string[] networks, int bits) => Assert.Equal(bits, RootSize.ForIpv4(Coverage(networks)));

    [Theory]
    [InlineData(63, 24)] // 64 runs: 4,096 slots
    [InlineData(64, 16)] // 65 runs: of 4,160 slots one is missing
    public void Many_ipv4_runs_may_have_64_slots_each(int runs, int bits)
    {
        var last = runs == 63 ? "34.15.255.0/25" : "34.16.64.0/25";

        Assert.Equal(bits, RootSize.ForIpv4(Coverage([.. Enumerable.Range(0, runs).Select(static i => $"34.0.{i}.0/25"), last])));
    }

    [Theory]
    [InlineData(new[] { "2600:1:2::/48" }, 48)]
    [InlineData(new[] { "2600:1:2:3::/64" }, 56)]
    [InlineData(new[] { "2600:1::/48", "2600:1:7ff::/48" }, 48)] // 2,048 slots
    [InlineData(new[] { "2600:1::/48", "2600:1:800::/48" }, 40)]
    public void An_ipv6_root_may_have_1024_slots_for_each_run(string[] networks, int bits) => Assert.Equal(bits, ForIpv6(networks));

    [Theory]
    [InlineData("2600:f:ffff::/48", 48)] // 2^20 slots
    [InlineData("2600:10::/48", 40)]
    public void Many_ipv6_runs_share_a_million_slots(string last, int bits) =>
        Assert.Equal(bits, ForIpv6([.. Enumerable.Range(0, 1100).Select(static i => $"2600:0:{i * 2:x}::/48"), last]));

    [Theory]
    [InlineData(new[] { "34.96.0.0/20" }, 20)]
    [InlineData(new[] { "34.96.0.0/20", "34.0.0.0/8" }, 8)]
    [InlineData(new[] { "34.96.0.0/21", "34.96.8.0/21" }, 20)]
    [InlineData(new[] { "34.96.0.0/20", "203.0.113.7/32" }, 32)]
    [InlineData(new[] { "34.96.0.0/20", "34.96.16.0/24" }, 24)]
    [InlineData(new[] { "0.0.0.0/0" }, 0)]
    public void As_many_bits_count_as_the_longest_prefix_has_of_what_is_covered(string[] networks, int bits) => Assert.Equal(bits, RootSize.SignificantBits(Coverage(networks)));

    [Theory]
    [InlineData(new[] { "34.96.0.0/21", "34.96.8.0/21", "34.96.16.0/24" }, 1)]
    [InlineData(new[] { "34.96.0.0/21", "34.96.8.0/22", "34.96.16.0/24" }, 2)]
    [InlineData(new[] { "34.96.0.0/20", "34.96.1.0/24" }, 1)]
    public void What_adjoins_is_one_run(string[] networks, int runs) => Assert.Equal(runs, Coverage(networks).Count);

    private static int ForIpv6(string[] networks)
    {
        var runs = PrefixTable<UInt128>.Create([.. networks.Select(static text =>
        {
            var network = IPNetwork.Parse(text);
            return Prefix<UInt128>.Covering(BinaryPrimitives.ReadUInt128BigEndian(network.BaseAddress.GetAddressBytes()), network.PrefixLength);
        })]).Coverage();
        return RootSize.ForIpv6(runs, RootSize.SignificantBits(runs));
    }

    private static List<AddressRun> Coverage(string[] networks) => PrefixTable<uint>.Create([.. networks.Select(static text =>
    {
        var network = IPNetwork.Parse(text);
        return Prefix<uint>.Covering(BinaryPrimitives.ReadUInt32BigEndian(network.BaseAddress.GetAddressBytes()), network.PrefixLength);
    })]).Coverage();
}
