using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Testing;

/// <summary>Bodies stream through the listening load balancer in both directions.</summary>
public class FrontEndBodyTests
{
    private const int Megabyte = 1024 * 1024;
    private static readonly byte[] Large = MakeLarge();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpProtocols.Http1, true)]
    [InlineData(HttpProtocols.Http1, false)]
    [InlineData(HttpProtocols.Http2, true)]
    [InlineData(HttpProtocols.Http2, false)]
    public async Task A_large_body_reaches_the_origin_whole(HttpProtocols protocols, bool isChunked)
    {
        await using var origin = await KestrelOrigin.StartAsync(
            async context => await context.Response.Body.WriteAsync(await SHA256.HashDataAsync(context.Request.Body, context.RequestAborted)), protocols);
        await using var loadBalancer = await StartAsync(origin.Address, protocols);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, loadBalancer.Address) { Content = new ByteArrayContent(Large) };
        request.Headers.TransferEncodingChunked = isChunked;

        using var response = await client.SendAsync(request, Token);

        Assert.Equal(SHA256.HashData(Large), await response.Content.ReadAsByteArrayAsync(Token));
    }

    [Theory]
    [InlineData(HttpProtocols.Http1, true)]
    [InlineData(HttpProtocols.Http1, false)]
    [InlineData(HttpProtocols.Http2, true)]
    [InlineData(HttpProtocols.Http2, false)]
    public async Task A_large_answer_reaches_the_client_whole(HttpProtocols protocols, bool isChunked)
    {
        await using var origin = await KestrelOrigin.StartAsync(
            async context =>
            {
                context.Response.ContentLength = isChunked ? null : Large.Length;
                await context.Response.Body.WriteAsync(Large, context.RequestAborted);
            },
            protocols);
        await using var loadBalancer = await StartAsync(origin.Address, protocols);
        using var client = new HttpClient();

        using var response = await client.GetAsync(loadBalancer.Address, HttpCompletionOption.ResponseHeadersRead, Token);

        await using var received = await response.Content.ReadAsStreamAsync(Token);
        Assert.Equal(isChunked ? null : Large.Length, response.Content.Headers.ContentLength);
        Assert.Equal(SHA256.HashData(Large), await SHA256.HashDataAsync(received, Token));
    }

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task A_large_body_can_be_answered_while_it_is_being_sent(HttpProtocols protocols)
    {
        await using var origin = await KestrelOrigin.StartAsync(EchoAsync, protocols);
        await using var loadBalancer = await StartAsync(origin.Address, protocols);
        using var client = await RawClient.ConnectAsync(loadBalancer.Address, Token);
        var body = Encoding.Latin1.GetString(Large);

        var sending = client.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}", Token);
        var answer = await client.ReadToEndAsync(Token);

        await sending;
        Assert.True(answer.AsSpan().EndsWith(body));
    }

    [Fact]
    public async Task An_answer_that_ends_with_its_connection_is_passed_on()
    {
        await using var origin = new RawOrigin("HTTP/1.0 200 OK\r\n\r\nold", isClosing: true);
        await using var loadBalancer = await StartAsync(origin.Address);
        using var client = new HttpClient();

        Assert.Equal("old", await client.GetStringAsync(loadBalancer.Address, Token));
        Assert.Equal("old", await client.GetStringAsync(loadBalancer.Address, Token));
    }

    [Fact]
    public async Task Interim_answers_chunk_extensions_and_trailers_do_not_confuse()
    {
        await using var origin = new RawOrigin(
            "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\none\r\nA\r\n-and-two--\r\n0\r\nX-Trailer: 1\r\n\r\n");
        await using var loadBalancer = await StartAsync(origin.Address);
        using var client = new HttpClient();

        Assert.Equal("one-and-two--", await client.GetStringAsync(loadBalancer.Address, Token));
        Assert.Equal("one-and-two--", await client.GetStringAsync(loadBalancer.Address, Token));
        Assert.Single(origin.Peers);
    }

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task Each_piece_passes_before_the_next_one_is_sent(HttpProtocols protocols)
    {
        await using var origin = await KestrelOrigin.StartAsync(EchoAsync, protocols);
        await using var loadBalancer = await StartAsync(origin.Address, protocols);
        using var client = await RawClient.ConnectAsync(loadBalancer.Address, Token);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n", Token);
        await client.ReadUntilAsync("3\r\none\r\n", Token);
        await client.SendAsync("3\r\ntwo\r\n", Token);
        await client.ReadUntilAsync("3\r\ntwo\r\n", Token);
        await client.SendAsync("0\r\n\r\n", Token);

        Assert.Equal("0\r\n\r\n", await client.ReadUntilAsync("0\r\n\r\n", Token));
    }

    [Fact]
    public async Task A_client_that_expects_100_is_asked_for_its_body_once_the_origin_reads_it()
    {
        await using var origin = await KestrelOrigin.StartAsync(EchoAsync);
        await using var loadBalancer = await StartAsync(origin.Address);
        using var client = await RawClient.ConnectAsync(loadBalancer.Address, Token);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n", Token);
        Assert.StartsWith("HTTP/1.1 100 ", await client.ReadUntilAsync("\r\n\r\n", Token), StringComparison.Ordinal);
        await client.SendAsync("body", Token);

        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadUntilAsync("body", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_expects_100_is_told_when_the_origin_refuses()
    {
        await using var origin = new RawOrigin("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
        await using var loadBalancer = await StartAsync(origin.Address);
        using var client = await RawClient.ConnectAsync(loadBalancer.Address, Token);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n", Token);

        Assert.StartsWith("HTTP/1.1 403 ", await client.ReadUntilAsync("no", Token), StringComparison.Ordinal);
        Assert.Contains("Expect: 100-continue", origin.Lines);
    }

    [Fact]
    public async Task An_origin_may_answer_without_reading_a_large_body()
    {
        await using var origin = await KestrelOrigin.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Method is "POST" ? 403 : 200;
            return Task.CompletedTask;
        });
        await using var loadBalancer = await StartAsync(origin.Address);
        using var client = new HttpClient();
        using var content = new ByteArrayContent(Large);

        using var refused = await client.PostAsync(loadBalancer.Address, content, Token);
        using var next = await client.GetAsync(loadBalancer.Address, Token);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task A_connection_on_which_a_body_was_not_sent_to_its_end_carries_no_further_request()
    {
        await using var origin = new RawOrigin();
        await using var loadBalancer = await StartAsync(origin.Address);
        using var client = await RawClient.ConnectAsync(loadBalancer.Address, Token);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf", Token);
        await client.ReadUntilAsync("ok", Token);
        using var other = new HttpClient();
        await other.GetStringAsync(loadBalancer.Address, Token);

        Assert.Equal(2, origin.Peers.Count);
    }

    [Theory]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n")]
    [InlineData("PURGE", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    public async Task An_answer_without_a_body_leaves_the_connection_in_order(string method, string answer)
    {
        await using var origin = new RawOrigin(answer);
        await using var loadBalancer = await StartAsync(origin.Address);
        using var client = await RawClient.ConnectAsync(loadBalancer.Address, Token);

        for (var round = 0; round < 2; round++)
        {
            await client.SendAsync($"{method} / HTTP/1.1\r\nHost: a\r\n\r\n", Token);
            Assert.StartsWith(answer.Split("\r\n")[0], await client.ReadUntilAsync("\r\n\r\n", Token), StringComparison.Ordinal);
        }

        Assert.Equal(2, origin.Heads.Count(head => head.StartsWith(method + " / ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_connection_that_the_origin_closed_is_not_used_for_a_body_that_could_not_be_sent_again()
    {
        await using var origin = new RawOrigin(isClosing: true);
        await using var loadBalancer = await StartAsync(origin.Address);
        using var client = new HttpClient();

        for (var round = 0; round < 3; round++)
        {
            using var body = new StringContent("body");
            using var response = await client.PostAsync(loadBalancer.Address, body, Token);
            Assert.Equal("ok", await response.Content.ReadAsStringAsync(Token));
            await origin.WaitForCloseAsync(Token);
        }
    }

    [Fact]
    public async Task Requests_share_connections_to_the_origin()
    {
        await using var origin = new RawOrigin();
        await using var loadBalancer = await StartAsync(origin.Address);
        using var client = new HttpClient();

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("ok", await client.GetStringAsync(loadBalancer.Address, Token));
        }

        Assert.Single(origin.Peers);
        Assert.Equal(5, origin.Heads.Count);
    }

    private static byte[] MakeLarge()
    {
        var bytes = new byte[24 * Megabyte];
        new Random(20260101).NextBytes(bytes);
        return bytes;
    }

    private static async Task EchoAsync(HttpContext context)
    {
        context.Response.ContentLength = context.Request.ContentLength;
        var buffer = new byte[64 * 1024];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is var count and > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
        }
    }

    private static Task<SimulatedLoadBalancer> StartAsync(Uri origin, HttpProtocols protocols = HttpProtocols.Http1) => SimulatedLoadBalancer.StartAsync(
        new() { Origin = origin, Protocol = protocols is HttpProtocols.Http2 ? BackendProtocol.Http2 : BackendProtocol.Http }, Token);
}
