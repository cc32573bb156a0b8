using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Networks;

/// <summary>The trie against the slow oracle, on seeded random networks of every length: nested, adjoining, twice, far apart.</summary>
public sealed class CidrTrieOracleTests
{
    public static TheoryData<int, int> Sizes => new()
    {
        { 1, 400 }, { 2, 400 }, { 3, 300 }, { 4, 300 }, { 5, 300 }, { 6, 200 }, { 8, 200 }, { 9, 200 }, { 10, 200 }, { 17, 100 }, { 40, 100 }, { 150, 40 }, { 700, 8 }, { 3000, 2 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Agrees_with_the_oracle_on_ipv4(int networks, int rounds) => Agree(networks, rounds, 32);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Agrees_with_the_oracle_on_ipv6(int networks, int rounds) => Agree(networks, rounds, 128);

    [Theory]
    [InlineData(32)]
    [InlineData(128)]
    public void Agrees_with_the_oracle_on_a_large_table(int width)
    {
        var random = new Random(20 + width);
        var networks = Enumerable.Range(0, 50_000).Select(_ => Spread(random, width)).ToArray();
        var addresses = Enumerable.Range(0, 150).SelectMany(_ => Around(random, networks[random.Next(networks.Length)]));

        Agree(networks, addresses);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(128)]
    public void Agrees_with_the_oracle_on_neighbours_across_every_boundary(int width)
    {
        for (var round = 0; round < 400; round++)
        {
            var random = new Random(round);
            var length = random.Next(9, width + 1);
            var step = UInt128.One << (width - length);
            var boundary = round % 4 == 0 ? UInt128.Zero : RandomNumber(random) & (Mask(width) << random.Next(width - length, width));
            var networks = Enumerable.Range(-random.Next(20), 4 + random.Next(40))
                .Where(_ => random.Next(2) == 0)
                .Select(i => new IPNetwork(ToAddress((boundary + ((UInt128)(Int128)i * step)) & Mask(width), width), length))
                .Append(new IPNetwork(RandomAddress(random, width), width))
                .ToArray();

            Agree(networks, networks.SelectMany(network => Around(random, network)));
        }
    }

    /// <summary>A second oracle, by somebody else. It compares numbers and not families, so it is asked about one family at a time.</summary>
    [Theory]
    [InlineData(32)]
    [InlineData(128)]
    public void Agrees_with_IPNetwork2_within_a_family(int width)
    {
        for (var round = 0; round < 60; round++)
        {
            var random = new Random((2 * round) + width);
            var crowd = Enumerable.Range(0, 3).Select(_ => RandomAddress(random, width)).ToArray();
            IPNetwork[] set = [.. Enumerable.Range(0, 25).Select(_ => Crowded(random, crowd, random.Next(width + 1), width))];
            IPNetwork2[] theirs = [.. set.Select(static network => new IPNetwork2(network.BaseAddress, (byte)network.PrefixLength))];
            var trie = CidrTrie.Create(set);

            foreach (var address in set.SelectMany(network => Around(random, network)).Where(static address => !address.IsIPv4MappedToIPv6))
            {
                Assert.True(theirs.Any(network => network.Contains(address)) == trie.Contains(address), $"{address} in {string.Join(' ', set)}");
            }
        }
    }

    private static void Agree(int networks, int rounds, int width)
    {
        for (var round = 0; round < rounds; round++)
        {
            var random = new Random((networks * 1000) + round);
            var crowd = Enumerable.Range(0, 1 + random.Next(4)).Select(_ => RandomAddress(random, width)).ToArray();
            var shortest = random.Next(width + 1);
            IPNetwork[] set = [.. Enumerable.Range(0, networks).Select(_ => Crowded(random, crowd, shortest, width))];
            var asked = networks > 200 ? set.Take(200) : set;

            Agree(set, asked.SelectMany(network => Around(random, network)));
        }
    }

    private static void Agree(IPNetwork[] networks, IEnumerable<IPAddress> addresses)
    {
        var trie = CidrTrie.Create(networks);
        var oracle = new LinearRanges(networks);

        Assert.Equal(oracle.Count, trie.Count);
        foreach (var address in addresses)
        {
            var expected = oracle.Longest(address);
            var found = trie.TryGetNetwork(address, out var network);
            var contained = (trie.Contains(address), ContainsNumber(trie, address));
            if ((found ? network : null) != expected || contained != (found, found))
            {
                Assert.Fail($"{address}: expected {expected}, found {(found ? network : null)}, {contained}, in {string.Join(' ', networks.Take(20))}");
            }
        }
    }

    private static bool ContainsNumber(CidrTrie trie, IPAddress address)
    {
        var mapped = trie.Contains(BinaryPrimitives.ReadUInt128BigEndian(address.MapToIPv6().GetAddressBytes()));
        return address.AddressFamily is AddressFamily.InterNetworkV6
            ? mapped
            : trie.Contains(BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes())) & mapped;
    }

    /// <summary>Both sides of both ends, both ends of everything, and somewhere in between and elsewhere.</summary>
    private static IEnumerable<IPAddress> Around(Random random, IPNetwork network)
    {
        var width = network.BaseAddress.AddressFamily is AddressFamily.InterNetwork ? 32 : 128;
        var first = ToNumber(network.BaseAddress);
        var last = first | (network.PrefixLength == 0 ? Mask(width) : Mask(width) >> network.PrefixLength);
        var within = first + (RandomNumber(random) & (last - first));
        foreach (var number in new UInt128[] { first - 1, first, last, last + 1, 0, UInt128.MaxValue, within, RandomNumber(random) })
        {
            yield return ToAddress(number & Mask(width), width);
        }
    }

    private static IPNetwork Crowded(Random random, IPAddress[] crowd, int shortest, int width)
    {
        var length = random.Next(shortest, width + 1);
        var near = ToNumber(crowd[random.Next(crowd.Length)]);
        var flipped = random.Next(3) == 0 ? UInt128.Zero : UInt128.One << random.Next(width);
        return new IPNetwork(ToAddress(near ^ flipped, width), length);
    }

    private static IPNetwork Spread(Random random, int width)
    {
        var length = width == 32 ? 9 + random.Next(24) : 20 + random.Next(45) + (random.Next(50) == 0 ? 64 : 0);
        return new IPNetwork(ToAddress((RandomNumber(random) & Mask(width)) >> (width == 32 ? 0 : 3), width), length);
    }

    private static IPAddress RandomAddress(Random random, int width) => ToAddress(RandomNumber(random) & Mask(width), width);

    private static UInt128 RandomNumber(Random random) =>
        new((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64(long.MinValue, long.MaxValue));

    private static UInt128 Mask(int width) => UInt128.MaxValue >> (128 - width);

    private static UInt128 ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static IPAddress ToAddress(UInt128 number, int width)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(bytes[(16 - (width / 8))..]);
    }
}
