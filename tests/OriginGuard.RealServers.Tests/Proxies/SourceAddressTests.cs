using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.RealServers.Tests.Proxies;

public sealed class SourceAddressTests
{
    private static readonly string[] Secret = [$"{ProxiedOrigin.Header}: {GuardedApp.Secret}"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ProxyKind.Nginx, ProxiedOrigin.LoadBalancer, "admitted")]
    [InlineData(ProxyKind.Nginx, "127.50.255.254", "admitted")]
    [InlineData(ProxyKind.Nginx, ProxiedOrigin.Stranger, "address.outside_ranges")]
    [InlineData(ProxyKind.HAProxy, ProxiedOrigin.LoadBalancer, "admitted")]
    [InlineData(ProxyKind.HAProxy, ProxiedOrigin.Stranger, "address.outside_ranges")]
    [InlineData(ProxyKind.HAProxyHttp2, ProxiedOrigin.LoadBalancer, "admitted")]
    [InlineData(ProxyKind.HAProxyHttp2, "127.51.0.0", "address.outside_ranges")]
    public async Task The_address_that_the_proxy_connects_from_decides(ProxyKind kind, string source, string verdict)
    {
        await using var origin = await ProxiedOrigin.StartAsync();
        await using var proxy = await ProxyServers.StartAsync(kind, origin, source);

        // The client's own address is one that would be admitted: it must not matter.
        var answer = await WireClient.GetAsync(proxy.EndPoint, "127.50.7.7", Secret, Token);

        Assert.Equal((source, verdict), (answer.Seen.Peer, answer.Seen.Verdict));
        Assert.Equal(verdict == "admitted" ? 200 : 403, answer.Status);
    }

    [Theory]
    [InlineData("127.0.0.1", "address.outside_ranges")]
    [InlineData(ProxiedOrigin.Stranger, "address.outside_ranges")]
    [InlineData(ProxiedOrigin.LoadBalancer, "admitted")]
    public async Task Around_the_proxy_a_known_secret_does_not_help_a_stranger(string from, string verdict)
    {
        await using var origin = await ProxiedOrigin.StartAsync();

        var answer = await WireClient.GetAsync(origin.Http1, from, [.. Secret, $"X-Forwarded-For: {ProxiedOrigin.LoadBalancer}"], Token);

        Assert.Equal((from, verdict), (answer.Seen.Peer, answer.Seen.Verdict));
        Assert.Equal(verdict == "admitted" ? 200 : 403, answer.Status);
    }
}
