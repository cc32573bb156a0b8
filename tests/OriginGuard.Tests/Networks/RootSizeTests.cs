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

    private static List<AddressRun> Coverage(string[] networks) => PrefixTable<uint>.Create([.. networks.Select(static text =>
    {
        var network = IPNetwork.Parse(text);
        return Prefix<uint>.Covering(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(network.BaseAddress.GetAddressBytes()), network.PrefixLength);
    })]).Coverage();
}
