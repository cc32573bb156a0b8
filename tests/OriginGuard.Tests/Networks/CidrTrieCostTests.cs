using System.Net;
using Xunit;

namespace OriginGuard.Tests.Networks;

public sealed class CidrTrieCostTests
{
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

    [Fact]
    public void The_real_record_takes_less_than_16_KiB() => Assert.InRange(AllocatedBy(CreateSmall), 1, 16 * 1024);

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

    private static CidrTrie CreateSmall() => CidrTrie.Create([IPNetwork.Parse("34.96.0.0/20"), IPNetwork.Parse("34.127.192.0/18")]);

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
