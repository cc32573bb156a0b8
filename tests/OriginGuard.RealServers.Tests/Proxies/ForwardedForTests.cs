using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.RealServers.Tests.Proxies;

/// <summary>The guard behind one more hop: it judges the entry of X-Forwarded-For that the proxy wrote.</summary>
public sealed class ForwardedForTests
{
    private const string Name = "X-Forwarded-For";
    private const string Visitor = "203.0.113.9";

    public static TheoryData<ProxyKind> Kinds => [.. Enum.GetValues<ProxyKind>()];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_entry_that_the_proxy_wrote_is_the_peer_and_the_one_before_it_the_client(ProxyKind kind)
    {
        await using var origin = await StartOriginAsync();
        await using var proxy = await StartProxyAsync(kind, origin);

        var seen = (await AskAsync(proxy, ProxiedOrigin.LoadBalancer, $"{Name}: 198.51.100.1, {Visitor}")).Seen;

        Assert.Equal(("admitted", ProxiedOrigin.LoadBalancer, Visitor), (seen.Verdict, seen.Peer, seen.Client));
        Assert.Equal(
            kind is ProxyKind.Nginx ? [$"198.51.100.1, {Visitor}, {ProxiedOrigin.LoadBalancer}"] : [$"198.51.100.1, {Visitor}", ProxiedOrigin.LoadBalancer],
            seen.Values(Name));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_the_caller_writes_never_becomes_the_peer(ProxyKind kind)
    {
        await using var origin = await StartOriginAsync();
        await using var proxy = await StartProxyAsync(kind, origin);
        string[][] forgeries =
        [
            [$"{Name}: {ProxiedOrigin.LoadBalancer}"],
            [$"{Name}: {ProxiedOrigin.LoadBalancer},"],
            [$"x-forwarded-for: {Visitor}", $"X-FORWARDED-FOR: {ProxiedOrigin.LoadBalancer}"],
            [$"{Name}: {string.Join(',', Enumerable.Repeat(ProxiedOrigin.LoadBalancer, 100))}"],
            [],
        ];

        foreach (var forgery in forgeries)
        {
            var answer = await AskAsync(proxy, ProxiedOrigin.Stranger, forgery);

            Assert.Equal((403, "address.outside_ranges", ProxiedOrigin.Stranger), (answer.Status, answer.Seen.Verdict, answer.Seen.Peer));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_proxy_that_writes_no_entry_gives_every_caller_its_word(ProxyKind kind)
    {
        // Not a fault of the guard: this is why docs/cloud-run.md calls it safe only where the hop before the origin always appends that entry.
        await using var origin = await StartOriginAsync();
        await using var proxy = await ProxyServers.StartAsync(kind, origin);

        Assert.Equal("admitted", (await AskAsync(proxy, ProxiedOrigin.Stranger, $"{Name}: {ProxiedOrigin.LoadBalancer}")).Seen.Verdict);
        Assert.Equal("address.forwarded_for_invalid", (await AskAsync(proxy, ProxiedOrigin.Stranger)).Seen.Verdict);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_admitted_application_sees_the_restored_client(ProxyKind kind)
    {
        await using var origin = await StartOriginAsync(("ClientAddress:Restore", "true"));
        await using var proxy = await StartProxyAsync(kind, origin);

        var answer = await AskAsync(proxy, ProxiedOrigin.LoadBalancer, $"{Name}: {Visitor}");

        Assert.EndsWith($"inside for {Visitor}", answer.Text, StringComparison.Ordinal);
    }

    private static Task<ProxiedOrigin> StartOriginAsync(params (string Key, string? Value)[] more) => ProxiedOrigin.StartAsync(
        static inside => inside.Run(static context =>
        {
            var text = $"inside for {context.Connection.RemoteIpAddress}";
            context.Response.Headers.ContentLength = text.Length;
            return context.Response.WriteAsync(text);
        }),
        [("SourceAddress:From", "ForwardedFor"), ("ClientAddress:Position", "2"), .. more]);

    private static Task<RealServer> StartProxyAsync(ProxyKind kind, ProxiedOrigin origin) =>
        ProxyServers.StartAsync(kind, origin, nginx: "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;", haproxy: "option forwardfor");

    private static Task<WireAnswer> AskAsync(RealServer proxy, string from, params string[] lines) =>
        WireClient.GetAsync(proxy.EndPoint, from, [$"{ProxiedOrigin.Header}: {GuardedApp.Secret}", .. lines], Token);
}
