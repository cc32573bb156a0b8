using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace OriginGuard.Tests.Compatibility;

/// <summary>What is more than a request and its answer.</summary>
public sealed class ProtocolTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_websocket_opens_through_the_load_balancer_and_is_refused_before_the_upgrade_around_it()
    {
        await using var scene = await CompatibilityScene.StartAsync(static app =>
        {
            app.UseWebSockets();
            app.Run(static async context =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, context.RequestAborted);
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
            });
        });

        using var through = await scene.OpenAsync(scene.Through, Token);
        var received = new byte[16];
        var message = await through.ReceiveAsync(received, Token);
        using var around = await scene.OpenAsync(scene.Around, Token);

        Assert.Equal("hello", Encoding.UTF8.GetString(received, 0, message.Count));
        Assert.Equal((WebSocketState.Closed, HttpStatusCode.Forbidden), (around.State, around.HttpStatusCode));
    }

    [Fact]
    public async Task Http2_carries_admitted_and_refused_streams_on_one_connection()
    {
        await using var scene = await CompatibilityScene.StartAsync(
            static app => app.Run(static context => context.Response.WriteAsync($"{context.Request.Protocol} {context.Connection.Id}")), protocols: HttpProtocols.Http2);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            using var request = Http2(HttpMethod.Get);
            request.Headers.Add("X-Origin-Guard", i % 2 == 0 ? [] : ["another value beside the right one"]);
            using var answer = await scene.Through.SendAsync(request, Token);
            return (answer.StatusCode, answer.Version);
        }));

        Assert.Equal(10, statuses.Count(static status => status == (HttpStatusCode.OK, HttpVersion.Version20)));
        Assert.Equal(10, statuses.Count(static status => status == (HttpStatusCode.Forbidden, HttpVersion.Version20)));
    }

    /// <summary>Others share the connection: the load balancer's requests come by few.</summary>
    [Fact]
    public async Task A_refused_request_that_gets_no_answer_over_Http2_loses_its_stream_and_not_the_connection()
    {
        await using var scene = await CompatibilityScene.StartAsync(
            static app => app.Run(static context => context.Response.WriteAsync(context.Connection.Id)),
            static services => services.PostConfigure<OriginGuardOptions>(static options => options.Rejection.Abort = true),
            HttpProtocols.Http2);
        var before = await ConnectionAsync();

        using var refused = Http2(HttpMethod.Get);
        refused.Headers.Add("X-Origin-Guard", "another value beside the right one");
        await Assert.ThrowsAsync<HttpRequestException>(() => scene.Through.SendAsync(refused, Token));

        Assert.Equal(before, await ConnectionAsync());

        async Task<string> ConnectionAsync()
        {
            using var request = Http2(HttpMethod.Get);
            using var answer = await scene.Through.SendAsync(request, Token);
            return await answer.Content.ReadAsStringAsync(Token);
        }
    }

    [Theory]
    [InlineData(true, HttpStatusCode.Forbidden)]
    [InlineData(false, HttpStatusCode.ServiceUnavailable)]
    public async Task A_grpc_client_is_told_by_the_http_status(bool hasRanges, HttpStatusCode expected)
    {
        await using var scene = await CompatibilityScene.StartAsync(CallGrpc, protocols: HttpProtocols.Http2, hasRanges: hasRanges);

        using var around = await CallAsync(scene.Around);

        Assert.Equal(expected, around.StatusCode);
        Assert.Equal("application/problem+json", around.Content.Headers.ContentType?.MediaType);
        Assert.False(around.Headers.Contains("grpc-status"));
        Assert.Empty(around.TrailingHeaders);
    }

    [Fact]
    public async Task A_grpc_call_keeps_its_trailers_through_the_load_balancer()
    {
        await using var scene = await CompatibilityScene.StartAsync(CallGrpc, protocols: HttpProtocols.Http2);

        using var through = await CallAsync(scene.Through);

        Assert.Equal(HttpStatusCode.OK, through.StatusCode);
        Assert.Equal(5, (await through.Content.ReadAsByteArrayAsync(Token)).Length);
        Assert.Equal("0", Assert.Single(through.TrailingHeaders.GetValues("grpc-status")));
    }

    /// <summary>A unary method as it is on the wire: one empty message and the status in the trailers.</summary>
    private static void CallGrpc(WebApplication app) => app.MapPost("/fish.Fishes/Count", static async context =>
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[5], context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    });

    private static async Task<HttpResponseMessage> CallAsync(HttpClient client)
    {
        using var request = Http2(HttpMethod.Post);
        request.RequestUri = new Uri("/fish.Fishes/Count", UriKind.Relative);
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        request.Content = new ByteArrayContent(new byte[5]) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } };
        return await client.SendAsync(request, Token);
    }

    private static HttpRequestMessage Http2(HttpMethod method) =>
        new(method, "/") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
}
