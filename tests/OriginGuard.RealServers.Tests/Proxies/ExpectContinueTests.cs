using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.RealServers.Tests.Proxies;

public sealed class ExpectContinueTests
{
    private const string Guess = "a-guess-that-is-long-enough-0000";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ProxyKind.Nginx)]
    [InlineData(ProxyKind.HAProxy)]
    [InlineData(ProxyKind.HAProxyProperCase)]
    [InlineData(ProxyKind.HAProxyHttp2)]
    public async Task An_admitted_request_is_told_to_go_on_and_its_body_arrives(ProxyKind kind)
    {
        await using var origin = await StartOriginAsync();
        await using var proxy = await ProxyServers.StartAsync(kind, origin);
        using var client = await ExpectAsync(proxy.EndPoint, GuardedApp.Secret);

        var interim = await client.ReadHeadAsync(Token);
        await client.SendAsync("hello", Token);
        var answer = new WireAnswer(await client.ReadToEndAsync(Token));

        Assert.Equal((100, 200, "admitted"), (interim.Status, answer.Status, answer.Seen.Verdict));
        Assert.EndsWith("received hello", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProxyKind.HAProxy)]
    [InlineData(ProxyKind.HAProxyHttp2)]
    public async Task A_refused_request_is_answered_and_never_asked_for_its_body(ProxyKind kind)
    {
        // nginx says 100 of its own accord, before the origin has been asked.
        await using var origin = await StartOriginAsync();
        await using var proxy = await ProxyServers.StartAsync(kind, origin);
        using var client = await ExpectAsync(proxy.EndPoint, Guess);

        var answer = await client.ReadHeadAsync(Token);

        Assert.Equal((403, "secret.mismatch"), (answer.Status, answer.Seen.Verdict));
    }

    [Fact]
    public async Task A_direct_caller_is_refused_before_its_body_too()
    {
        await using var origin = await StartOriginAsync();
        using var client = await ExpectAsync(origin.Http1, GuardedApp.Secret);

        var answer = await client.ReadHeadAsync(Token);

        Assert.Equal((403, "address.outside_ranges"), (answer.Status, answer.Seen.Verdict));
    }

    private static Task<ProxiedOrigin> StartOriginAsync() => ProxiedOrigin.StartAsync(static inside => inside.Run(static async context =>
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = $"received {await reader.ReadToEndAsync(context.RequestAborted)}";
        context.Response.ContentLength = text.Length;
        await context.Response.WriteAsync(text);
    }));

    private static async Task<WireClient> ExpectAsync(IPEndPoint to, string secret)
    {
        var client = await WireClient.ConnectAsync(to, "127.0.0.1", Token);
        await client.SendAsync(
            $"POST / HTTP/1.1\r\nHost: origin.test\r\n{ProxiedOrigin.Header}: {secret}\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
            Token);
        return client;
    }
}
