using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.RealServers.Tests.Proxies;

public sealed class HeaderSpellingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ProxyKind.Nginx, "X-ORIGIN-guard", "HTTP/1.1")]
    [InlineData(ProxyKind.HAProxy, "x-origin-guard", "HTTP/1.1")]
    [InlineData(ProxyKind.HAProxyProperCase, "X-Origin-Guard", "HTTP/1.1")]
    [InlineData(ProxyKind.HAProxyHttp2, "x-origin-guard", "HTTP/2")]
    public async Task Whatever_spelling_and_protocol_the_proxy_prefers_is_understood(ProxyKind kind, string spelling, string protocol)
    {
        await using var origin = await ProxiedOrigin.StartAsync();
        await using var proxy = await ProxyServers.StartAsync(kind, origin);

        var answer = await WireClient.GetAsync(proxy.EndPoint, "127.0.0.1", [$"X-ORIGIN-guard: {GuardedApp.Secret}"], Token);

        Assert.Equal((spelling, protocol, "admitted"), (answer.Seen.Spelling(ProxiedOrigin.Header), answer.Seen.Protocol, answer.Seen.Verdict));
    }
}
