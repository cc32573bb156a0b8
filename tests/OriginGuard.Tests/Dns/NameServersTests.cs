using System.Net;
using OriginGuard.Dns;
using Xunit;

namespace OriginGuard.Tests.Dns;

public class NameServersTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", 53)]
    [InlineData("192.0.2.1:5353", "192.0.2.1", 5353)]
    [InlineData("127.0.0.1:65535", "127.0.0.1", 65535)]
    [InlineData("2001:db8::1", "2001:db8::1", 53)]
    [InlineData("::1", "::1", 53)]
    [InlineData("[2001:db8::1]", "2001:db8::1", 53)]
    [InlineData("[2001:db8::1]:5353", "2001:db8::1", 5353)]
    [InlineData("fe80::1%1", "fe80::1%1", 53)]
    [InlineData("[fe80::1%1]:54", "fe80::1%1", 54)]
    public void Reads_the_address_of_a_server(string text, string address, int port)
    {
        Assert.True(NameServers.TryParse(text, out var server));

        Assert.Equal(new IPEndPoint(IPAddress.Parse(address), port), server);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("dns.google")]
    [InlineData("dns.google:53")]
    [InlineData("192.0.2.1:")]
    [InlineData("192.0.2.1:0")]
    [InlineData("192.0.2.1:65536")]
    [InlineData("192.0.2.1:-1")]
    [InlineData("192.0.2.1:+53")]
    [InlineData("192.0.2.1: 53")]
    [InlineData("192.0.2.1:53:53")]
    [InlineData(":53")]
    [InlineData("192.0.2")]
    [InlineData("192.0.2.256")]
    [InlineData("192.0.2.010")]
    [InlineData("3221225985")]
    [InlineData("0xC0000201")]
    [InlineData(" 192.0.2.1")]
    [InlineData("[192.0.2.1]:53")]
    [InlineData("[2001:db8::1")]
    [InlineData("[2001:db8::1]53")]
    [InlineData("[2001:db8::1]:")]
    [InlineData("[[2001:db8::1]]:53")]
    [InlineData("[]:53")]
    [InlineData("::1/128")]
    [InlineData("[::1]/128")]
    [InlineData("127.0.0.1/32")]
    [InlineData("[::1")]
    [InlineData("2001:db8::1]:53")]
    [InlineData("2001:db8::g")]
    [InlineData("https://dns.google/dns-query")]
    public void Refuses_what_is_not_the_address_of_a_server(string? text) => Assert.False(NameServers.TryParse(text, out _));

    [Fact]
    public void Takes_the_servers_of_the_options_in_their_order()
    {
        var servers = NameServers.From(new DnsOptions { Servers = ["192.0.2.2", "192.0.2.1:5353", "nonsense"] });

        Assert.Equal(["192.0.2.2:53", "192.0.2.1:5353"], servers.Select(server => server.ToString()));
    }

    [Fact]
    public void Takes_the_servers_of_the_system_when_the_options_name_none() => Assert.NotEmpty(NameServers.From(new DnsOptions()));
}
