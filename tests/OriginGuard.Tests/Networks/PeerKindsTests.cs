using System.Net;
using OriginGuard.Networks;
using Xunit;

namespace OriginGuard.Tests.Networks;

public sealed class PeerKindsTests
{
    [Theory]
    [InlineData("127.0.0.1", nameof(PeerKind.Loopback))]
    [InlineData("127.255.255.255", nameof(PeerKind.Loopback))]
    [InlineData("::1", nameof(PeerKind.Loopback))]
    [InlineData("35.191.0.0", nameof(PeerKind.GoogleFrontEnd))]
    [InlineData("35.191.255.255", nameof(PeerKind.GoogleFrontEnd))]
    [InlineData("35.192.0.0", nameof(PeerKind.Public))]
    [InlineData("130.211.3.255", nameof(PeerKind.GoogleFrontEnd))]
    [InlineData("130.211.4.0", nameof(PeerKind.Public))]
    [InlineData("169.254.169.126", nameof(PeerKind.LinkLocal))]
    [InlineData("fe80::1%2", nameof(PeerKind.LinkLocal))]
    [InlineData("10.255.255.255", nameof(PeerKind.Private))]
    [InlineData("172.16.0.1", nameof(PeerKind.Private))]
    [InlineData("172.32.0.0", nameof(PeerKind.Public))]
    [InlineData("192.168.0.1", nameof(PeerKind.Private))]
    [InlineData("100.64.0.1", nameof(PeerKind.Private))]
    [InlineData("fd00::1", nameof(PeerKind.Private))]
    [InlineData("203.0.113.1", nameof(PeerKind.Public))]
    [InlineData("34.96.0.1", nameof(PeerKind.Public))]
    [InlineData("2600:1901::1", nameof(PeerKind.Public))]
    public void Tells_by_an_address_who_sits_there(string address, string kind) => Assert.Equal(kind, PeerKinds.Of(IPAddress.Parse(address)).ToString());

    [Fact]
    public void No_address_is_nobodys() => Assert.Equal(PeerKind.None, PeerKinds.Of(null));

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.1.1")]
    [InlineData("127.0.0.2")]
    [InlineData("::1")]
    [InlineData("fd00::1")]
    [InlineData("fe80::1")]
    public void The_site_is_this_machine_and_those_beside_it(string address) =>
        Assert.Contains(PeerKinds.Site, network => network.Contains(IPAddress.Parse(address)));
}
