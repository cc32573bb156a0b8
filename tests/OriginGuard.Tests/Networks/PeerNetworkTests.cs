using System.Net;
using OriginGuard.Networks;
using Xunit;

namespace OriginGuard.Tests.Networks;

public sealed class PeerNetworkTests
{
    [Theory]
    [InlineData("203.0.113.77", "203.0.113.0/24")]
    [InlineData("::ffff:203.0.113.77", "203.0.113.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48")]
    [InlineData("fe80::1%3", "fe80::/48")]
    public void Keeps_of_an_unknown_peer_as_much_as_one_operator_usually_holds(string peer, string network) =>
        Assert.Equal(IPNetwork.Parse(network), PeerNetwork.Of(IPAddress.Parse(peer), null));

    [Theory]
    [InlineData("34.96.1.1", "34.96.0.0/20")]
    [InlineData("2600:1901::1", "2600:1901::/32")]
    public void Keeps_of_a_known_peer_the_network_that_was_published(string peer, string published) =>
        Assert.Equal(IPNetwork.Parse(published), PeerNetwork.Of(IPAddress.Parse(peer), IPNetwork.Parse(published)));
}
