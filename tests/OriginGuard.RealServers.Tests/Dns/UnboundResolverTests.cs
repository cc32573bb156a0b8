using System.Net;
using System.Net.Sockets;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.RealServers.Tests.Dns;

/// <summary>Unbound as what the guard usually asks: a resolver that asks others.</summary>
public class UnboundResolverTests
{
    [Fact]
    public async Task Resolves_through_it_what_another_server_holds()
    {
        using var log = new LogRecorder();
        await using var bind = await DnsServers.StartBindAsync();
        await using var unbound = await DnsServers.StartUnboundAsync(Stub(bind.EndPoint));

        Assert.Equal([DnsServers.Text], (await DnsServers.ResolveAsync(unbound, DnsServers.Name)).Texts);
        Assert.Equal([DnsServers.BigText], (await DnsServers.ResolveAsync(unbound, DnsServers.BigName, log)).Texts);
        Assert.Equal([DnsServers.Text], (await DnsServers.ResolveAsync(unbound, "_alias." + DnsServers.Zone)).Texts);
        Assert.Equal(TxtError.NameError, (await DnsServers.ResolveAsync(unbound, DnsServers.MissingName)).Error);
        Assert.Equal(TxtError.NoData, (await DnsServers.ResolveAsync(unbound, DnsServers.AddressOnlyName)).Error);
        Assert.Empty(log.WithId(4155));
    }

    [Fact]
    public async Task Hears_SERVFAIL_when_the_server_behind_it_is_dead()
    {
        using var dead = new Socket(SocketType.Dgram, ProtocolType.Udp);
        dead.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var unbound = await DnsServers.StartUnboundAsync(
            Stub((IPEndPoint)dead.LocalEndPoint!), _ => "  outbound-msg-retry: 1\n  infra-cache-max-rtt: 1000");

        var answer = await DnsServers.ResolveAsync(unbound, DnsServers.Name);

        Assert.Equal(TxtError.ServerFailure, answer.Error);
        Assert.Contains("SERVFAIL (2)", answer.Detail, StringComparison.Ordinal);
    }

    private static string Stub(IPEndPoint server) => $"""
        stub-zone:
          name: "{DnsServers.Zone}."
          stub-addr: {server.Address}@{server.Port}
        """;
}
