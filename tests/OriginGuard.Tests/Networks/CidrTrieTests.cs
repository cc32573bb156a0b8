using System.Net;
using Xunit;

namespace OriginGuard.Tests.Networks;

public sealed class CidrTrieTests
{
    [Theory]
    [InlineData("34.96.0.0/20", "34.96.0.0", "34.96.15.255", "34.95.255.255", "34.96.16.0")]
    [InlineData("34.127.192.0/18", "34.127.192.0", "34.127.255.255", "34.127.191.255", "34.128.0.0")]
    [InlineData("203.0.113.7/32", "203.0.113.7", "203.0.113.7", "203.0.113.6", "203.0.113.8")]
    [InlineData("128.0.0.0/1", "128.0.0.0", "255.255.255.255", "127.255.255.255", "0.0.0.0")]
    [InlineData("0.0.0.0/32", "0.0.0.0", "0.0.0.0", "0.0.0.1", "255.255.255.255")]
    [InlineData("255.255.255.255/32", "255.255.255.255", "255.255.255.255", "255.255.255.254", "0.0.0.0")]
    [InlineData("2600:1901::/48", "2600:1901::", "2600:1901:0:ffff:ffff:ffff:ffff:ffff", "2600:1900:ffff:ffff:ffff:ffff:ffff:ffff", "2600:1901:1::")]
    [InlineData("2600::1:0:0:0/80", "2600:0:0:0:1::", "2600::1:ffff:ffff:ffff", "2600::ffff:ffff:ffff", "2600::2:0:0:0")]
    [InlineData("2600::42/128", "2600::42", "2600::42", "2600::41", "2600::43")]
    [InlineData("8000::/1", "8000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::")]
    [InlineData("::/128", "::", "::", "::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("::/8", "::", "ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "100::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe", "::")]
    public void A_network_ends_exactly_where_it_ends(string network, string first, string last, string before, string behind)
    {
        var trie = Trie(network);

        Assert.True(trie.Contains(IPAddress.Parse(first)));
        Assert.True(trie.Contains(IPAddress.Parse(last)));
        Assert.False(trie.Contains(IPAddress.Parse(before)));
        Assert.False(trie.Contains(IPAddress.Parse(behind)));
    }

    [Theory]
    [InlineData("0.0.0.0/0", "0.0.0.0", true)]
    [InlineData("0.0.0.0/0", "255.255.255.255", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("0.0.0.0/0", "2600::", false)]
    [InlineData("::/0", "::", true)]
    [InlineData("::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    [InlineData("::/0", "192.0.2.1", false)]
    [InlineData("::/0", "::ffff:192.0.2.1", false)]
    public void All_of_one_family_is_nothing_of_the_other(string network, string address, bool contained) =>
        Assert.Equal(contained, Trie(network).Contains(IPAddress.Parse(address)));

    [Fact]
    public void An_empty_trie_contains_nothing()
    {
        var trie = CidrTrie.Create([]);

        Assert.Equal(0, trie.Count);
        foreach (var address in new[] { "0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "::ffff:0.0.0.0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" })
        {
            Assert.False(trie.Contains(IPAddress.Parse(address)));
            Assert.False(trie.TryGetNetwork(IPAddress.Parse(address), out _));
        }
    }

    [Fact]
    public void A_mapped_address_is_looked_up_as_the_ipv4_address_that_it_is()
    {
        var trie = Trie("34.96.0.0/20");

        Assert.True(trie.Contains(IPAddress.Parse("::ffff:34.96.1.1")));
        Assert.True(trie.Contains(new UInt128(0, 0x0000_FFFF_2260_0101)));
        Assert.True(trie.TryGetNetwork(IPAddress.Parse("::ffff:34.96.1.1"), out var network));
        Assert.Equal(IPNetwork.Parse("34.96.0.0/20"), network);
        Assert.False(trie.Contains(IPAddress.Parse("::ffff:34.96.16.1")));
        Assert.False(trie.Contains(IPAddress.Parse("::34.96.1.1")));
        Assert.False(trie.Contains(IPAddress.Parse("64:ff9b::34.96.1.1")));
        Assert.False(trie.Contains(IPAddress.Parse("1::ffff:34.96.1.1")));
    }

    [Fact]
    public void A_mapped_network_is_the_ipv4_network_that_it_maps()
    {
        var trie = Trie("::ffff:34.96.0.0/116", "34.96.0.0/20", "::ffff:192.0.2.1/128");

        Assert.Equal(2, trie.Count);
        Assert.True(trie.Contains(IPAddress.Parse("34.96.1.1")));
        Assert.True(trie.Contains(IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.True(trie.TryGetNetwork(IPAddress.Parse("192.0.2.1"), out var network));
        Assert.Equal(IPNetwork.Parse("192.0.2.1/32"), network);
        Assert.True(Trie("::ffff:0:0/96").Contains(IPAddress.Parse("198.51.100.1")));
    }

    [Theory]
    [InlineData("::/0")]
    [InlineData("::/64")]
    [InlineData("::/80")]
    [InlineData("::fffe:0:0/95")]
    public void A_network_around_the_mapped_addresses_admits_no_ipv4_peer(string network)
    {
        var trie = Trie(network);

        Assert.False(trie.Contains(IPAddress.Parse("192.0.2.1")));
        Assert.False(trie.Contains(IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.False(trie.Contains(new UInt128(0, 0x0000_FFFF_C000_0201)));
        Assert.False(trie.TryGetNetwork(IPAddress.Parse("::ffff:192.0.2.1"), out _));
        Assert.True(trie.Contains(IPAddress.Parse("::fffe:192.0.2.1")));
    }

    [Fact]
    public void A_scope_id_does_not_count()
    {
        var trie = CidrTrie.Create([new IPNetwork(IPAddress.Parse("fe80::%3"), 64)]);

        Assert.True(trie.Contains(IPAddress.Parse("fe80::1%7")));
        Assert.True(trie.Contains(IPAddress.Parse("fe80::1")));
        Assert.True(trie.TryGetNetwork(IPAddress.Parse("fe80::1%7"), out var network));
        Assert.Equal("fe80::/64", network.ToString());
    }

    [Fact]
    public void The_longest_network_is_found_whatever_the_order()
    {
        string[] networks = ["10.1.2.0/24", "10.0.0.0/8", "10.1.2.128/25", "10.1.0.0/16", "10.1.2.200/32", "10.2.0.0/16", "10.0.0.0/9"];
        foreach (var trie in new[] { Trie(networks), Trie([.. networks.Reverse()]) })
        {
            Assert.Equal("10.1.2.200/32", Found(trie, "10.1.2.200"));
            Assert.Equal("10.1.2.128/25", Found(trie, "10.1.2.201"));
            Assert.Equal("10.1.2.0/24", Found(trie, "10.1.2.1"));
            Assert.Equal("10.1.0.0/16", Found(trie, "10.1.3.1"));
            Assert.Equal("10.2.0.0/16", Found(trie, "10.2.255.255"));
            Assert.Equal("10.0.0.0/9", Found(trie, "10.3.0.0"));
            Assert.Equal("10.0.0.0/8", Found(trie, "10.255.255.255"));
            Assert.Null(Found(trie, "11.0.0.0"));
        }
    }

    [Fact]
    public void Duplicates_count_once_and_host_bits_do_not_count()
    {
        var trie = CidrTrie.Create([IPNetwork.Parse("192.0.2.0/24"), new IPNetwork(IPAddress.Parse("192.0.2.77"), 24), IPNetwork.Parse("192.0.2.0/25")]);

        Assert.Equal(2, trie.Count);
        Assert.Equal("192.0.2.0/25", Found(trie, "192.0.2.77"));
        Assert.Equal("192.0.2.0/24", Found(trie, "192.0.2.177"));
    }

    /// <summary>The root ends with the last network, and not where that one begins: a wide one goes over many of its groups.</summary>
    [Theory]
    [InlineData("2600:100::/24", "2600:1ff:ffff::", "2600:200::")]
    [InlineData("2600:100::/26", "2600:13f:ffff::", "2600:140::")]
    public void A_wide_network_behind_narrow_ones_is_whole(string last, string within, string behind)
    {
        var trie = Trie("2600:0:0::/48", "2600:1::/48", "2600:2::/48", "2600:3::/48", "2600:4::/48", last);

        Assert.True(trie.Contains(IPAddress.Parse("2600:100::")));
        Assert.True(trie.Contains(IPAddress.Parse(within)));
        Assert.False(trie.Contains(IPAddress.Parse(behind)));
        Assert.False(trie.Contains(IPAddress.Parse("2600:5::")));
    }

    /// <summary>Beside so many others, a lone address at either end of a block of the root, of a leaf, or of a word of a leaf.</summary>
    [Theory]
    [InlineData("34.0.255.255")]
    [InlineData("34.1.0.0")]
    [InlineData("34.0.63.255")]
    [InlineData("34.0.64.0")]
    [InlineData("34.255.255.255")]
    public void A_lone_address_at_the_edge_of_a_block_is_found(string address)
    {
        var trie = Trie([.. Enumerable.Range(10, 12).Select(static i => $"34.{i}.7.0/24"), $"{address}/32"]);
        var number = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(IPAddress.Parse(address).GetAddressBytes());

        Assert.Equal((false, true, false), (trie.Contains(number - 1), trie.Contains(number), trie.Contains(number + 1)));
        Assert.True(trie.Contains(IPAddress.Parse("34.10.7.255")));
    }

    [Fact]
    public void Nothing_is_never_an_address_or_a_list()
    {
        var trie = Trie("0.0.0.0/0");

        Assert.Throws<ArgumentNullException>(() => CidrTrie.Create(null!));
        Assert.Throws<ArgumentNullException>(() => trie.Contains((IPAddress)null!));
        Assert.Throws<ArgumentNullException>(() => trie.TryGetNetwork(null!, out _));
    }

    [Fact]
    public void A_log_shows_how_many_networks_of_each_family_there_are() =>
        Assert.Equal("2 IPv4 and 1 IPv6 network(s)", Trie("192.0.2.0/24", "198.51.100.0/24", "2001:db8::/32").ToString());

    private static CidrTrie Trie(params string[] networks) => CidrTrie.Create(networks.Select(network => IPNetwork.Parse(network)));

    private static string? Found(CidrTrie trie, string address) =>
        trie.TryGetNetwork(IPAddress.Parse(address), out var network) ? network.ToString() : null;
}
