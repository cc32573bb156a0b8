using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using OriginGuard.Testing;
using OriginGuard.Testing.FrontEnd;
using Xunit;

namespace OriginGuard.Tests.Testing;

/// <summary>What happens when one side is missing, goes away, or is configured wrongly.</summary>
public class FrontEndFailureTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(BackendProtocol.Http)]
    [InlineData(BackendProtocol.Http2)]
    public async Task An_origin_that_cannot_be_reached_answers_502(BackendProtocol protocol)
    {
        Uri nobody;
        await using (var origin = new RawOrigin())
        {
            nobody = origin.Address;
        }

        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = nobody, Protocol = protocol }, Token);
        using var client = new HttpClient();

        for (var round = 0; round < 2; round++)
        {
            using var response = await client.GetAsync(loadBalancer.Address, Token);
            Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        }
    }

    [Fact]
    public async Task An_origin_that_does_not_speak_http_answers_502()
    {
        await using var origin = new RawOrigin("nonsense\r\n\r\n");
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address }, Token);
        using var client = new HttpClient();

        using var response = await client.GetAsync(loadBalancer.Address, Token);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    [Fact]
    public async Task An_origin_that_drops_out_in_the_middle_of_its_answer_drops_the_client()
    {
        await using var origin = await KestrelOrigin.StartAsync(async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("begun", context.RequestAborted);
            context.Abort();
        });
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address }, Token);
        using var client = new HttpClient();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(loadBalancer.Address, Token));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf")]
    public async Task A_client_that_goes_away_takes_its_request_to_the_origin_with_it(string request)
    {
        var arrived = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using var origin = await KestrelOrigin.StartAsync(async context =>
        {
            arrived.SetResult();
            await using var registration = context.RequestAborted.Register(aborted.SetResult);
            await aborted.Task;
        });
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address }, Token);

        using (var client = await RawClient.ConnectAsync(loadBalancer.Address, Token))
        {
            await client.SendAsync(request, Token);
            await arrived.Task.WaitAsync(Token);
        }

        await aborted.Task.WaitAsync(Token);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_body_that_turns_out_malformed_is_refused_and_never_ends_at_the_origin()
    {
        var isWhole = new TaskCompletionSource<bool>();
        await using var origin = await KestrelOrigin.StartAsync(async context =>
        {
            try
            {
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
                isWhole.SetResult(true);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                isWhole.SetResult(false);
            }
        });
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address }, Token);
        using var client = await RawClient.ConnectAsync(loadBalancer.Address, Token);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\nnonsense\r\n", Token);

        Assert.StartsWith("HTTP/1.1 400 ", await client.ReadToEndAsync(Token), StringComparison.Ordinal);
        Assert.False(await isWhole.Task.WaitAsync(Token));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_io_exception_that_names_it()
    {
        using var occupant = new TcpListener(IPAddress.Loopback, 0);
        occupant.Start();
        var port = ((IPEndPoint)occupant.LocalEndpoint).Port;

        var exception = await Assert.ThrowsAsync<IOException>(
            () => SimulatedLoadBalancer.StartAsync(new() { Origin = new Uri("http://127.0.0.1:1"), Port = port }, Token));

        Assert.Contains($"127.0.0.1:{port}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_address_of_another_machine_is_an_io_exception_that_names_it()
    {
        var exception = await Assert.ThrowsAsync<IOException>(() => SimulatedLoadBalancer.StartAsync(
            new() { Origin = new Uri("http://127.0.0.1:1"), SourceAddress = IPAddress.Parse("192.0.2.1") }, Token));

        Assert.Contains("192.0.2.1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_address_of_its_own_the_load_balancer_falls_back() =>
        Assert.Equal(IPAddress.IPv6Loopback, OriginConnector.FirstThatBinds([IPAddress.Parse("192.0.2.1")], IPAddress.IPv6Loopback));

    [Fact]
    public async Task After_falling_back_it_reaches_the_origin_over_the_other_family()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "IPv6 loopback is needed: enable IPv6 on this machine.");
        await using var origin = await KestrelOrigin.StartAsync(
            context => context.Response.WriteAsync($"{context.Connection.RemoteIpAddress}"), address: IPAddress.IPv6Loopback);
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(
            new() { Origin = new Uri($"http://127.0.0.1:{origin.Address.Port}"), SourceAddress = IPAddress.IPv6Loopback }, Token);
        using var client = new HttpClient();

        Assert.Equal("::1", await client.GetStringAsync(loadBalancer.Address, Token));
        Assert.Equal(IPAddress.IPv6Loopback, loadBalancer.SourceAddress);
    }

    [Theory]
    [InlineData(null, BackendProtocol.Http)]
    [InlineData("ftp://127.0.0.1", BackendProtocol.Http)]
    [InlineData("/relative", BackendProtocol.Http)]
    [InlineData("https://127.0.0.1", BackendProtocol.Http)]
    [InlineData("http://127.0.0.1", BackendProtocol.Https)]
    public async Task An_origin_that_is_missing_or_contradicts_the_protocol_is_a_mistake(string? origin, BackendProtocol protocol)
    {
        var options = new SimulatedLoadBalancerOptions
        {
            Origin = origin is null ? null : new Uri(origin, UriKind.RelativeOrAbsolute),
            Protocol = protocol,
        };

        await Assert.ThrowsAsync<ArgumentException>(() => SimulatedLoadBalancer.StartAsync(options, Token));
    }

    [Fact]
    public async Task Once_disposed_it_listens_no_more()
    {
        await using var origin = new RawOrigin();
        var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address }, Token);
        await loadBalancer.DisposeAsync();

        await Assert.ThrowsAsync<SocketException>(() => RawClient.ConnectAsync(loadBalancer.Address, Token));
    }

    [Fact]
    public async Task It_can_be_disposed_while_a_request_is_under_way()
    {
        var arrived = new TaskCompletionSource();
        await using var origin = await KestrelOrigin.StartAsync(async context =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address }, Token);
        using var client = new HttpClient();
        var pending = client.GetAsync(loadBalancer.Address, Token);
        await arrived.Task.WaitAsync(Token);

        await loadBalancer.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => pending);
    }
}
