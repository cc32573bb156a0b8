using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.RealServers.Tests.Proxies;

/// <summary>32 MiB each way: the guard neither holds a body back nor touches it.</summary>
public sealed class LargeBodyTests
{
    private static readonly byte[] Body = RandomBytes(32 << 20);

    public static TheoryData<ProxyKind> Kinds => [.. Enum.GetValues<ProxyKind>()];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_request_reaches_the_application_while_it_is_still_being_sent(ProxyKind kind)
    {
        var firstByte = new TaskCompletionSource();
        await using var origin = await ProxiedOrigin.StartAsync(inside => inside.Run(async context =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[1 << 16];
            while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var read)
            {
                firstByte.TrySetResult();
                hash.AppendData(buffer.AsSpan(0, read));
            }

            await context.Response.Body.WriteAsync(hash.GetHashAndReset(), context.RequestAborted);
        }));
        await using var proxy = await ProxyServers.StartAsync(kind, origin);
        using var client = CreateClient();
        using var content = new TwoHalves(Body, firstByte.Task);

        using var response = await client.PostAsync(new Uri($"http://{proxy.EndPoint}/"), content, Token);

        Assert.Equal(SHA256.HashData(Body), await response.Content.ReadAsByteArrayAsync(Token));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_response_reaches_the_client_while_it_is_still_being_written(ProxyKind kind)
    {
        var firstByte = new TaskCompletionSource();
        await using var origin = await ProxiedOrigin.StartAsync(inside => inside.Run(async context =>
        {
            using var halves = new TwoHalves(Body, firstByte.Task);
            await halves.CopyToAsync(context.Response.Body, context.RequestAborted);
        }));
        await using var proxy = await ProxyServers.StartAsync(kind, origin);
        using var client = CreateClient();

        using var response = await client.GetAsync(new Uri($"http://{proxy.EndPoint}/"), HttpCompletionOption.ResponseHeadersRead, Token);
        await using var stream = await response.Content.ReadAsStreamAsync(Token);
        var received = new byte[Body.Length];
        await stream.ReadExactlyAsync(received.AsMemory(0, 1), Token);
        firstByte.SetResult();
        await stream.ReadExactlyAsync(received.AsMemory(1), Token);

        Assert.Equal(SHA256.HashData(Body), SHA256.HashData(received));
        Assert.Equal(0, await stream.ReadAsync(received, Token));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_refusal_does_not_wait_for_the_body(ProxyKind kind)
    {
        await using var origin = await ProxiedOrigin.StartAsync();
        await using var proxy = await ProxyServers.StartAsync(kind, origin);
        using var client = await WireClient.ConnectAsync(proxy.EndPoint, "127.0.0.1", Token);

        await client.SendAsync($"POST / HTTP/1.1\r\nHost: origin.test\r\nContent-Length: {Body.Length}\r\n\r\nthe rest never comes", Token);
        var answer = await client.ReadHeadAsync(Token);

        Assert.Equal((403, "secret.missing"), (answer.Status, answer.Seen.Verdict));
    }

    private static HttpClient CreateClient() => new(new SocketsHttpHandler { UseProxy = false })
    {
        DefaultRequestHeaders = { { ProxiedOrigin.Header, GuardedApp.Secret } },
    };

    private static byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        new Random(5).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A body of unknown length whose second half is not written until the first has been seen.</summary>
    private sealed class TwoHalves(byte[] body, Task seen) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(body.AsMemory(0, body.Length / 2));
            await stream.FlushAsync();
            await seen;
            await stream.WriteAsync(body.AsMemory(body.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
