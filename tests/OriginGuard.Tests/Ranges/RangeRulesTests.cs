using System.Net;
using OriginGuard.Ranges;
using Xunit;

namespace OriginGuard.Tests.Ranges;

public class RangeRulesTests
{
    [Theory]
    [InlineData("34.96.0.0/20 34.127.192.0/18")]
    [InlineData("34.0.0.0/8")]
    [InlineData("2600::/16")]
    [InlineData("34.96.0.1/32 2600:1900::1/128")]
    public void Takes_public_networks_that_are_narrow_enough(string networks) =>
        Assert.Null(FirstBreach(networks, new SourceAddressOptions()));

    [Theory]
    [InlineData("34.0.0.0/7", RangeFailure.TooWide)]
    [InlineData("0.0.0.0/0", RangeFailure.TooWide)]
    [InlineData("::/0", RangeFailure.TooWide)]
    [InlineData("2600::/15", RangeFailure.TooWide)]
    [InlineData("34.96.0.0/20 34.0.0.0/7", RangeFailure.TooWide)]
    [InlineData("127.0.0.0/8", RangeFailure.NonPublic)]
    [InlineData("34.96.0.0/20 10.0.0.1/32", RangeFailure.NonPublic)]
    [InlineData("192.0.0.0/8", RangeFailure.NonPublic)]
    [InlineData("::1/128", RangeFailure.NonPublic)]
    [InlineData("::ffff:34.96.0.0/116", RangeFailure.NonPublic)]
    [InlineData("10.0.0.0/8 34.0.0.0/7", RangeFailure.NonPublic)]
    public void Refuses_all_for_one_network_and_names_it(string networks, object failure)
    {
        var breach = FirstBreach(networks, new SourceAddressOptions());

        Assert.Equal(failure, breach?.Failure);
        Assert.Single(networks.Split(' '), network => breach!.Value.Detail.StartsWith(network, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("34.0.0.0/9 34.128.0.0/9", true)]
    [InlineData("34.0.0.0/9 34.0.0.0/10 34.128.0.0/9", true)]
    [InlineData("34.0.0.0/8 35.0.0.0/32", false)]
    [InlineData("2600::/17 2600:8000::/17", true)]
    [InlineData("2600::/16 2a00::/128", false)]
    public void Together_they_hold_as_much_as_one_wide_network(string networks, bool isTaken) =>
        Assert.Equal(isTaken ? null : RangeFailure.TooManyAddresses, FirstBreach(networks, new SourceAddressOptions())?.Failure);

    [Fact]
    public void Who_allows_any_IPv6_network_allows_any_number_of_addresses_in_narrow_ones() =>
        Assert.Null(FirstBreach("2000::/4 3000::/4", new SourceAddressOptions { MinPrefixLengthV6 = 0, AllowNonPublicNetworks = true }));

    [Fact]
    public void Who_allows_wider_networks_allows_as_many_addresses_in_narrow_ones() =>
        Assert.Null(FirstBreach("34.0.0.0/8 35.0.0.0/8", new SourceAddressOptions { MinPrefixLengthV4 = 7 }));

    [Theory]
    [InlineData("34.96.0.0/20 34.127.192.0/18", "34.96.0.0/16 34.127.0.0/16 35.0.0.0/16", true)]
    [InlineData("34.96.0.0/20", "34.96.0.0/16", true)]
    [InlineData("34.96.0.0/20", "34.96.0.0/16 35.0.0.0/32", false)]
    [InlineData("34.96.0.1/32", "34.96.0.0/16", true)]
    [InlineData("34.96.0.1/32", "34.96.0.0/15", false)]
    [InlineData("34.96.0.0/20", "34.96.0.0/20 2600::/16", true)]
    [InlineData("2600:1900::/40", "2600:1900::/36", true)]
    [InlineData("2600:1900::/40", "2600:1900::/35", false)]
    [InlineData("2600:1900::1/128", "2600:1900::/48", true)]
    [InlineData("34.96.0.0/16", "34.96.0.0/20", true)]
    public void May_grow_to_sixteen_times_at_once(string before, string after, bool isTaken) =>
        Assert.Equal(isTaken ? null : RangeFailure.GrownTooFast, RangeRules.GrowthBreach(Parse(before), Parse(after))?.Failure);

    [Fact]
    public void Refuses_to_admit_nobody() =>
        Assert.Equal(RangeFailure.NoNetworks, RangeRules.FirstBreach([], new SourceAddressOptions())?.Failure);

    [Fact]
    public void Takes_ten_thousand_networks_and_not_one_more()
    {
        IPNetwork[] networks = [.. Enumerable.Range(0, RangeRules.MaxNetworks + 1)
            .Select(i => new IPNetwork(new IPAddress([34, 96, (byte)(i >> 8), (byte)i]), 32))];

        Assert.Null(RangeRules.FirstBreach(networks[1..], new SourceAddressOptions()));
        Assert.Equal(RangeFailure.TooManyNetworks, RangeRules.FirstBreach(networks, new SourceAddressOptions())?.Failure);
    }

    [Fact]
    public void Takes_special_networks_where_the_operator_allows_them_but_not_wider_ones()
    {
        var limits = new SourceAddressOptions { AllowNonPublicNetworks = true };

        Assert.Null(FirstBreach("127.0.0.0/8 10.0.0.0/8 ::1/128 fc00::/16", limits));
        Assert.Equal(RangeFailure.TooWide, FirstBreach("0.0.0.0/7", limits)?.Failure);
    }

    [Theory]
    [InlineData("34.96.0.0/20", "34.96.0.0/24", false)]
    [InlineData("34.96.0.0/20", "34.96.0.0/25 34.96.0.128/26", true)]
    [InlineData("34.96.0.0/20 2600:1900::/28", "34.96.0.0/20", true)]
    [InlineData("34.96.0.0/20", "34.96.0.0/20 2600:1900::/28", false)]
    [InlineData("34.96.0.0/20 34.96.0.0/24", "34.96.0.0/20", false)]
    [InlineData("34.96.0.0/20 34.127.192.0/18", "64.233.160.0/19", true)]
    [InlineData("34.96.0.0/20", "34.96.0.0/24 64.233.160.0/19", false)]
    [InlineData("34.96.0.0/29 2600:1900::/28", "2600:1900::/28", true)]
    [InlineData("34.96.0.0/28", "34.96.0.7/32", false)]
    [InlineData("34.96.0.0/28 34.96.1.0/32", "34.96.0.7/32", true)]
    public void Says_when_nearly_everything_of_a_family_is_taken_away(string before, string after, bool hasShrunk) =>
        Assert.Equal(hasShrunk, RangeRules.HasShrunk(Parse(before), Parse(after)));

    [Fact]
    public void Nothing_is_no_shrinking_of_nothing() => Assert.False(RangeRules.HasShrunk([], Parse("34.96.0.0/20")));

    [Fact]
    public void Follows_the_configured_widths()
    {
        var limits = new SourceAddressOptions { MinPrefixLengthV4 = 20, MinPrefixLengthV6 = 28 };

        Assert.Null(FirstBreach("34.96.0.0/20 2600:1900::/28", limits));
        Assert.Equal(RangeFailure.TooWide, FirstBreach("34.96.0.0/19", limits)?.Failure);
        Assert.Equal(RangeFailure.TooWide, FirstBreach("2600:1900::/27", limits)?.Failure);
    }

    [Fact]
    public void Refuses_the_whole_address_space_as_non_public_even_where_any_width_is_allowed()
    {
        var limits = new SourceAddressOptions { MinPrefixLengthV4 = 0, MinPrefixLengthV6 = 0 };

        Assert.Equal(RangeFailure.NonPublic, FirstBreach("0.0.0.0/0", limits)?.Failure);
        Assert.Equal(RangeFailure.NonPublic, FirstBreach("::/0", limits)?.Failure);
    }

    private static RangeBreach? FirstBreach(string networks, SourceAddressOptions limits) =>
        RangeRules.FirstBreach([.. networks.Split(' ').Select(IPNetwork.Parse)], limits);

    private static IPNetwork[] Parse(string networks) => [.. networks.Split(' ').Select(IPNetwork.Parse)];
}
