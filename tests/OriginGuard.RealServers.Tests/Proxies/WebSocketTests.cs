using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.RealServers.Tests.Proxies;

public sealed class WebSocketTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ProxyKind.Nginx)]
    [InlineData(ProxyKind.HAProxy)]
    [InlineData(ProxyKind.HAProxyProperCase)]
    public async Task An_admitted_upgrade_passes_and_talks_both_ways(ProxyKind kind)
    {
        await using var origin = await ProxiedOrigin.StartAsync(EchoBySocket);
        await using var proxy = await ProxyServers.StartAsync(kind, origin);
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader(ProxiedOrigin.Header, GuardedApp.Secret);

        await socket.ConnectAsync(new Uri($"ws://{proxy.EndPoint}/"), Token);
        await socket.SendAsync("over the wire"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Token);
        var buffer = new byte[64];
        var received = await socket.ReceiveAsync(buffer, Token);

        Assert.Equal("over the wire", Encoding.UTF8.GetString(buffer, 0, received.Count));
    }

    [Theory]
    [InlineData(ProxyKind.Nginx)]
    [InlineData(ProxyKind.HAProxy)]
    public async Task A_refused_upgrade_gets_the_refusal_and_no_socket(ProxyKind kind)
    {
        await using var origin = await ProxiedOrigin.StartAsync(EchoBySocket);
        await using var proxy = await ProxyServers.StartAsync(kind, origin);
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://{proxy.EndPoint}/"), Token));

        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    private static void EchoBySocket(WebApplication app)
    {
        app.UseWebSockets();
        app.Run(static async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[64];
            var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, endOfMessage: true, context.RequestAborted);
        });
    }
}
