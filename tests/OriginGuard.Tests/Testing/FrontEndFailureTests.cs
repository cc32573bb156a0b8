using System.IO.Pipelines;
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
            Assert.Contains($"No connection from {loadBalancer.SourceAddress} to 127.0.0.1:{nobody.Port}.", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(BackendProtocol.Http)]
    [InlineData(BackendProtocol.Http2)]
    public async Task An_origin_whose_name_has_no_address_answers_502(BackendProtocol protocol)
    {
        // Too long a name to be asked of anybody.
        var name = string.Join('.', Enumerable.Repeat(new string('x', 60), 5));
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = new Uri($"http://{name}/"), Protocol = protocol }, Token);
        using var client = new HttpClient();

        using var response = await client.GetAsync(loadBalancer.Address, Token);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains($"{name} has no address: ", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://[::]:8080")]
    [InlineData("http://0.0.0.0:8080")]
    public async Task An_address_that_servers_listen_on_is_none_to_connect_to(string origin)
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => SimulatedLoadBalancer.StartAsync(new() { Origin = new Uri(origin) }, Token));

        Assert.Contains("write http://127.0.0.1:8080", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SimulatedLoadBalancer.CreateDirectClient(new Uri(origin), IPAddress.Loopback));
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

    public static TheoryData<string> NoHeads => new(
        "",
        "HTTP/1.1 200 OK",
        "HTTP/1.1 200 OK\r\nContent-Leng",
        "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: nameless\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nbegun",
        $"HTTP/1.1 200 OK\r\n{string.Concat(Enumerable.Repeat("X: 1\r\n", 501))}\r\n",
        $"HTTP/1.1 200 OK\r\nX: {new string('x', 70_000)}\r\n\r\n");

    [Theory]
    [MemberData(nameof(NoHeads), DisableDiscoveryEnumeration = true)]
    public async Task What_is_no_head_of_an_answer_is_a_502(string answer)
    {
        await using var origin = new RawOrigin(answer, isClosing: true);
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address }, Token);
        using var client = new HttpClient();

        using var response = await client.GetAsync(loadBalancer.Address, Token);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\nbegun")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\nzz\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n8000000000000000\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n5\r\nbe")]
    public async Task An_answer_that_has_begun_and_breaks_off_drops_the_client_and_is_no_whole_one(string rest)
    {
        await using var origin = new RawOrigin($"HTTP/1.1 200 OK\r\n{rest}", isClosing: true);
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address }, Token);
        using var client = new HttpClient();

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(loadBalancer.Address, Token));

        Assert.Null(failure.StatusCode); // no answer of the load balancer's own, such as 502
    }

    [Theory]
    [InlineData(BackendProtocol.Https)]
    [InlineData(BackendProtocol.Http2)]
    public async Task An_origin_that_hangs_up_on_tls_answers_502(BackendProtocol protocol)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(
            new() { Origin = new Uri($"https://{listener.LocalEndpoint}"), Protocol = protocol }, Token);
        using var client = new HttpClient();
        var pending = client.GetAsync(loadBalancer.Address, Token);

        (await listener.AcceptSocketAsync(Token)).Dispose();

        using var response = await pending;
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    [Fact]
    public async Task A_request_without_a_body_that_meets_a_connection_at_its_end_goes_to_the_next_one()
    {
        await using var origin = new RawOrigin(most: 1);
        await using var client = new Http1OriginClient(origin.Address, OriginConnector.Create(origin.Address, null));

        Assert.Equal((200, 200), (await StatusAsync(client), await StatusAsync(client)));
        Assert.Equal((2, 3), (origin.Peers.Count, origin.Heads.Count));
        await Assert.ThrowsAsync<IOException>(() => StatusAsync(client, new ClientBody(PipeReader.Create(new MemoryStream("body"u8.ToArray())), 4)));
        Assert.Equal(2, origin.Peers.Count);
    }

    /// <summary>RFC 9110, section 9.2.2.</summary>
    [Theory]
    [InlineData("GET", 3)]
    [InlineData("DELETE", 3)]
    [InlineData("POST", 2)]
    [InlineData("PATCH", 2)]
    public async Task A_request_that_the_origin_drops_comes_once_more_if_it_is_idempotent(string method, int seen)
    {
        await using var origin = new RawOrigin(most: 1);
        await using var client = new Http1OriginClient(origin.Address, OriginConnector.Create(origin.Address, null));
        Assert.Equal(200, await StatusAsync(client));

        var again = StatusAsync(client, method: method);

        Assert.Equal(seen == 3 ? null : typeof(IOException), (await Record.ExceptionAsync(() => again))?.GetType());
        Assert.Equal(seen, origin.Heads.Count);
    }

    [Fact]
    public async Task An_answer_of_http_1_0_ends_its_connection()
    {
        await using var origin = new RawOrigin("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
        await using var client = new Http1OriginClient(origin.Address, OriginConnector.Create(origin.Address, null));

        Assert.Equal((200, 200), (await StatusAsync(client), await StatusAsync(client)));
        Assert.Equal(2, origin.Peers.Count);
    }

    [Fact]
    public async Task A_connection_that_comes_back_after_the_end_is_closed()
    {
        await using var origin = new RawOrigin();
        var client = new Http1OriginClient(origin.Address, OriginConnector.Create(origin.Address, null));
        var answer = await client.SendAsync(new() { Method = "GET", Target = "/", Lines = [] }, Token);
        await client.DisposeAsync();

        await answer.CopyBodyAsync(Stream.Null, Token);
        await answer.DisposeAsync();

        await origin.WaitForCloseAsync(Token);
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
    public async Task A_request_that_is_given_up_is_no_failure_of_the_origin()
    {
        await using var origin = new RawOrigin();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => OriginConnector.Create(origin.Address, null).ConnectAsync(new CancellationToken(canceled: true)).AsTask());
    }

    [Fact]
    public async Task An_origin_by_the_name_of_this_machine_is_on_its_loopback()
    {
        await using var origin = new RawOrigin();
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = new Uri($"http://localhost:{origin.Address.Port}") }, Token);
        using var client = new HttpClient();

        Assert.Equal("ok", await client.GetStringAsync(loadBalancer.Address, Token));
    }

    [Fact]
    public void Towards_another_machine_the_system_chooses_the_address() =>
        Assert.Equal(IPAddress.Any, OriginConnector.Create(new Uri("http://origin.example"), null).Source);

    [Fact]
    public async Task An_origin_on_IPv6_is_reached_over_it()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "IPv6 loopback is needed: enable IPv6 on this machine.");
        await using var origin = await KestrelOrigin.StartAsync(
            context => context.Response.WriteAsync($"{context.Connection.RemoteIpAddress}"), address: IPAddress.IPv6Loopback);
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address }, Token);
        using var client = new HttpClient();

        Assert.Equal("::1", await client.GetStringAsync(loadBalancer.Address, Token));
    }

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

    private static async Task<int> StatusAsync(Http1OriginClient client, ClientBody? body = null, string? method = null)
    {
        await using var answer = await client.SendAsync(new() { Method = method ?? (body is null ? "GET" : "POST"), Target = "/", Lines = [], Body = body }, Token);
        await answer.CopyBodyAsync(Stream.Null, Token);
        return answer.Status;
    }
}
