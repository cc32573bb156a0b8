using System.Net;
using Xunit;

namespace OriginGuard.Tests.Networks;

public sealed class CidrTrieCostTests
{
    private static readonly IPAddress Last = IPAddress.Parse("34.0.1.7");

    private static readonly Dictionary<string, string[]> Sets = new()
    {
        ["the real record"] = ["34.96.0.0/20", "34.127.192.0/18"],
        ["eight runs"] = [.. Enumerable.Range(0, 8).Select(static i => $"{i + 1}.0.0.0/24")],
        ["nine runs"] = [.. Enumerable.Range(0, 9).Select(static i => $"{i + 1}.0.0.0/24")],
        ["four runs of IPv6"] = [.. Enumerable.Range(0, 4).Select(static i => $"26{i}0::/48")],
        ["five runs of IPv6"] = [.. Enumerable.Range(0, 5).Select(static i => $"26{i}0::/48")],
        ["whole blocks"] = [.. Enumerable.Range(0, 64).SelectMany(static i => (string[])[$"34.{4 * i}.0.0/16", $"34.{(4 * i) + 2}.1.0/24"])],
        ["/64s"] = [.. Enumerable.Range(0, 500).Select(static i => $"2600:0:0:{2 * i:x}::/64")],
        ["/65s"] = [.. Enumerable.Range(0, 500).Select(static i => $"2600:0:0:{2 * i:x}::/65")],
    };

    private static readonly IPAddress[] Asked =
    [
        .. new[] { "34.96.1.1", "34.97.1.1", "::ffff:34.127.200.1", "::ffff:192.0.2.1", "2600:1901::1", "2600:1902::1", "fe80::1%2" }
            .Select(IPAddress.Parse),
    ];

    [Fact]
    public void A_lookup_allocates_nothing()
    {
        var trie = CidrTrie.Create([IPNetwork.Parse("34.96.0.0/20"), IPNetwork.Parse("34.127.192.0/18"), IPNetwork.Parse("2600:1901::/32")]);

        Assert.Equal(0, AllocatedBy(() => Ask(trie)));
    }

    [Fact]
    public void A_lookup_in_a_large_trie_allocates_nothing_but_the_network_that_it_finds_first()
    {
        var trie = CidrTrie.Create(Enumerable.Range(0, 20_000).Select(i => new IPNetwork(new IPAddress([34, (byte)(i >> 8), (byte)i, 0]), 24)));

        Assert.True(trie.TryGetNetwork(IPAddress.Parse("34.6.7.8"), out var network));
        Assert.Equal(IPNetwork.Parse("34.6.7.0/24"), network);
        Assert.Equal(0, AllocatedBy(() => Ask(trie)));
    }

    /// <summary>Whoever asks pays nothing, until there are so many that most are never asked for.</summary>
    [Theory]
    [InlineData(2, true)]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public void A_trie_of_up_to_4096_networks_makes_them_when_it_is_built(int count, bool isMade)
    {
        var networks = Enumerable.Range(0, count).Select(static i => new IPNetwork(new IPAddress([34, (byte)(i >> 8), (byte)i, 0]), 24)).ToArray();
        _ = CidrTrie.Create(networks).TryGetNetwork(IPAddress.Parse("34.0.1.7"), out _); // what the runtime makes once
        var trie = CidrTrie.Create(networks);

        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = trie.TryGetNetwork(Asked[0], out _) | trie.TryGetNetwork(Last, out _);

        Assert.Equal(isMade, GC.GetAllocatedBytesForCurrentThread() == before);
    }

    /// <summary>No trie where a vector holds all, no lower half of addresses that all end in zeros, and no leaf of a block that is whole. The bounds are a few hundredths above what it takes.</summary>
    [Theory]
    [InlineData("the real record", 2_048)]
    [InlineData("eight runs", 2_900)]
    [InlineData("nine runs", 13_400)]
    [InlineData("four runs of IPv6", 2_600)]
    [InlineData("five runs of IPv6", 3_700)]
    [InlineData("whole blocks", 34_000)]
    [InlineData("/64s", 162_000)]
    [InlineData("/65s", 170_000)]
    public void What_a_trie_takes_is_bounded(string what, int most)
    {
        var networks = Sets[what].Select(static text => IPNetwork.Parse(text)).ToArray();

        Assert.InRange(AllocatedBy(() => CidrTrie.Create(networks)), 1, most);
    }

    [Fact]
    public void Two_networks_at_the_two_ends_of_the_addresses_take_less_than_16_KiB_too()
    {
        IPNetwork[] networks = [.. new[] { "1.0.0.0/24", "223.255.255.255/32", "2000::/32", "3fff::1/128" }.Select(text => IPNetwork.Parse(text))];

        Assert.InRange(AllocatedBy(() => CidrTrie.Create(networks)), 1, 16 * 1024);
    }

    [Fact]
    public void A_refresh_of_a_hundred_networks_makes_no_large_object()
    {
        const int largeObject = 85_000;
        IPNetwork[] networks =
        [
            .. Enumerable.Range(1, 50).Select(i => new IPNetwork(new IPAddress([(byte)(i * 4), (byte)(i * 7), (byte)(i * 16), 0]), 20)),
            .. Enumerable.Range(1, 50).Select(i => IPNetwork.Parse($"20{i:x2}:{i * 7:x}:{i:x}::/48")),
        ];

        Assert.InRange(AllocatedBy(() => CidrTrie.Create(networks)), 1, largeObject);
    }

    private static int Ask(CidrTrie trie)
    {
        var found = 0;
        foreach (var address in Asked)
        {
            found += trie.Contains(address) ? 1 : 0;
            found += trie.TryGetNetwork(address, out _) ? 1 : 0;
        }

        return found;
    }

    private static long AllocatedBy<T>(Func<T> work)
    {
        _ = work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
