using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.RealServers.Tests.Proxies;

/// <summary>A proxy that adds the secret, and clients that send a copy of their own.</summary>
public sealed class SecretHeaderTests
{
    private const string Name = ProxiedOrigin.Header;
    private const string Secret = GuardedApp.Secret;
    private const string Guess = "a-guess-that-is-long-enough-0000";

    public static TheoryData<ProxyKind> Kinds => [.. Enum.GetValues<ProxyKind>()];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_secret_that_the_proxy_adds_is_the_key(ProxyKind kind)
    {
        await using var origin = await ProxiedOrigin.StartAsync();
        await using var proxy = await ProxyServers.StartAsync(kind, origin, nginx: $"proxy_set_header {Name} {Secret};", haproxy: $"http-request set-header {Name} {Secret}");
        await using var another = await ProxyServers.StartAsync(kind, origin);

        Assert.Equal("admitted", await AskAsync(proxy));
        Assert.Equal("secret.missing", await AskAsync(another));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_proxy_that_replaces_leaves_nothing_of_the_clients_copies(ProxyKind kind)
    {
        await using var origin = await ProxiedOrigin.StartAsync();
        await using var proxy = await ProxyServers.StartAsync(kind, origin, nginx: $"proxy_set_header {Name} {Secret};", haproxy: $"http-request set-header {Name} {Secret}");

        var answer = await WireClient.GetAsync(proxy.EndPoint, "127.0.0.1", [$"{Name}: {Guess}", $"x-origin-guard: {Secret}", $"X-ORIGIN-GUARD: {Guess}"], Token);

        Assert.Equal("admitted", answer.Seen.Verdict);
        Assert.Equal([Secret], answer.Seen.Values(Name));
    }

    [Theory]
    [InlineData(ProxyKind.Nginx, Guess)]
    [InlineData(ProxyKind.Nginx, Secret)]
    [InlineData(ProxyKind.HAProxy, Guess)]
    [InlineData(ProxyKind.HAProxyProperCase, Guess)]
    [InlineData(ProxyKind.HAProxyHttp2, Guess)]
    [InlineData(ProxyKind.HAProxyHttp2, Secret)]
    public async Task A_proxy_that_adds_a_line_of_its_own_is_refused_when_the_client_sends_one(ProxyKind kind, string copy)
    {
        await using var origin = await ProxiedOrigin.StartAsync();
        await using var proxy = await ProxyServers.StartAsync(
            kind,
            origin,
            nginx: $"proxy_set_header {Name} $http_x_origin_guard; proxy_set_header {Name} {Secret};",
            haproxy: $"http-request add-header {Name} {Secret}");

        var answer = await WireClient.GetAsync(proxy.EndPoint, "127.0.0.1", [$"{Name}: {copy}"], Token);

        Assert.Equal((403, "secret.multiple"), (answer.Status, answer.Seen.Verdict));
        Assert.Equal([copy, Secret], answer.Seen.Values(Name));
        Assert.Equal("admitted", await AskAsync(proxy));
    }

    [Theory]
    [InlineData(ProxyKind.Nginx, Guess)]
    [InlineData(ProxyKind.HAProxy, Secret)]
    [InlineData(ProxyKind.HAProxyHttp2, Guess)]
    public async Task A_proxy_that_appends_with_a_comma_is_refused_when_the_client_sends_a_copy(ProxyKind kind, string copy)
    {
        await using var origin = await ProxiedOrigin.StartAsync();
        await using var proxy = await ProxyServers.StartAsync(
            kind,
            origin,
            nginx: $"proxy_set_header {Name} \"$http_x_origin_guard, {Secret}\";",
            haproxy: $"http-request set-header {Name} \"%[req.fhdr({Name})], {Secret}\"");

        var answer = await WireClient.GetAsync(proxy.EndPoint, "127.0.0.1", [$"{Name}: {copy}"], Token);

        Assert.Equal((403, "secret.multiple"), (answer.Status, answer.Seen.Verdict));
        Assert.Equal([$"{copy}, {Secret}"], answer.Seen.Values(Name));
    }

    [Theory]
    [InlineData(ProxyKind.Nginx, "X_Origin_Guard")]
    [InlineData(ProxyKind.HAProxy, "x-origin_guard")]
    [InlineData(ProxyKind.HAProxyHttp2, "X_ORIGIN-GUARD")]
    public async Task A_look_alike_that_the_proxy_lets_pass_is_refused_beside_the_right_secret(ProxyKind kind, string lookAlike)
    {
        await using var origin = await ProxiedOrigin.StartAsync();
        await using var proxy = await ProxyServers.StartAsync(kind, origin, nginx: $"proxy_set_header {Name} {Secret};", haproxy: $"http-request set-header {Name} {Secret}");

        var answer = await WireClient.GetAsync(proxy.EndPoint, "127.0.0.1", [$"{lookAlike}: {Guess}"], Token);

        Assert.Equal((403, "headers.smuggled"), (answer.Status, answer.Seen.Verdict));
    }

    private static async Task<string> AskAsync(RealServer proxy) => (await WireClient.GetAsync(proxy.EndPoint, "127.0.0.1", [], Token)).Seen.Verdict;
}
