using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OriginGuard.Testing;
using OriginGuard.Testing.FrontEnd;
using Xunit;

namespace OriginGuard.Tests.Testing;

/// <summary>The listening load balancer in front of real servers: HTTP/2, TLS, WebSockets, many at once.</summary>
public class FrontEndProtocolTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Speaks_http2_with_lower_case_names_and_the_clients_host()
    {
        await using var origin = await KestrelOrigin.StartAsync(DescribeAsync, HttpProtocols.Http2);
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(
            new() { Origin = origin.Address, Protocol = BackendProtocol.Http2, CustomRequestHeaders = [new("X-Origin-Guard", "secret")] }, Token);

        var answer = await RawClient.GetAsync(
            loadBalancer.Address, "/a/%2e%2e/b", ["Host: www.client.test", "X-Origin-Guard: guess", "Content-Type: text/odd"], Token);

        Assert.Contains("HTTP/2 www.client.test /a/%2e%2e/b from 127.0.0.2\n", answer, StringComparison.Ordinal);
        Assert.Contains("x-origin-guard: secret\n", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Type: text/odd\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("guess", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BackendProtocol.Https, HttpProtocols.Http1, "HTTP/1.1")]
    [InlineData(BackendProtocol.Http2, HttpProtocols.Http2, "HTTP/2")]
    public async Task The_certificate_of_an_endpoint_that_is_an_address_is_not_checked(BackendProtocol protocol, HttpProtocols protocols, string spoken)
    {
        using var certificate = SelfSigned();
        var serverNames = new ConcurrentQueue<string>();
        await using var origin = await KestrelOrigin.StartAsync(DescribeAsync, protocols, certificate: certificate, serverNames: serverNames);
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address, Protocol = protocol }, Token);

        var answer = await RawClient.GetAsync(loadBalancer.Address, "/", ["Host: www.client.test"], Token);

        Assert.Contains($"{spoken} www.client.test / from 127.0.0.2\n", answer, StringComparison.Ordinal);
        Assert.Equal("", Assert.Single(serverNames));
    }

    [Theory]
    [InlineData(BackendProtocol.Https, HttpProtocols.Http1)]
    [InlineData(BackendProtocol.Http2, HttpProtocols.Http2)]
    public async Task The_certificate_of_an_endpoint_that_is_a_name_must_be_good(BackendProtocol protocol, HttpProtocols protocols)
    {
        using var certificate = SelfSigned();
        await using var origin = await KestrelOrigin.StartAsync(DescribeAsync, protocols, certificate: certificate);
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(
            new() { Origin = new Uri($"https://localhost:{origin.Address.Port}"), Protocol = protocol }, Token);

        // Its own name, which the client asks for, does not count.
        var answer = await RawClient.GetAsync(loadBalancer.Address, "/", ["Host: origin.test"], Token);

        Assert.StartsWith("HTTP/1.1 502 ", answer, StringComparison.Ordinal);
        Assert.Contains("RemoteCertificateNameMismatch", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BackendProtocol.Https, HttpProtocols.Http1)]
    [InlineData(BackendProtocol.Http2, HttpProtocols.Http2)]
    public async Task The_origin_is_asked_for_the_endpoints_name_and_never_for_the_clients_host(BackendProtocol protocol, HttpProtocols protocols)
    {
        using var certificate = SelfSigned("localhost");
        var serverNames = new ConcurrentQueue<string>();
        await using var origin = await KestrelOrigin.StartAsync(DescribeAsync, protocols, certificate: certificate, serverNames: serverNames);
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(
            new() { Origin = new Uri($"https://localhost:{origin.Address.Port}"), Protocol = protocol }, Token);

        var answer = await RawClient.GetAsync(loadBalancer.Address, "/", ["Host: www.client.test"], Token);

        // Nobody vouches for the certificate, but its name is the right one.
        Assert.StartsWith("HTTP/1.1 502 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("RemoteCertificateNameMismatch", answer, StringComparison.Ordinal);
        Assert.Equal("localhost", Assert.Single(serverNames));
    }

    [Fact]
    public async Task Over_http2_a_good_certificate_of_the_endpoint_passes_whatever_host_the_client_asks_for()
    {
        using var certificate = SelfSigned("localhost");
        await using var origin = await KestrelOrigin.StartAsync(DescribeAsync, HttpProtocols.Http2, certificate: certificate);
        var endpoint = new Uri($"https://localhost:{origin.Address.Port}");
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(certificate);
        await using var client = new Http2OriginClient(endpoint, OriginConnector.Create(endpoint, null), trust);

        await using var answer = await client.SendAsync(new() { Method = "GET", Target = "/", Lines = [new("host", "www.client.test")] }, Token);
        using var body = new MemoryStream();
        await answer.CopyBodyAsync(body, Token);

        Assert.StartsWith("HTTP/2 www.client.test / from ", Encoding.UTF8.GetString(body.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_websocket_passes_in_both_directions_and_closes_in_order()
    {
        await using var origin = await KestrelOrigin.StartAsync(EchoMessagesAsync);
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(
            new() { Origin = origin.Address, CustomRequestHeaders = [new("X-Origin-Guard", "secret")] }, Token);
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("echo");

        await client.ConnectAsync(new UriBuilder(loadBalancer.Address) { Scheme = "ws" }.Uri, Token);
        Assert.Equal("echo", client.SubProtocol);
        foreach (var message in (string[])["one", new string('x', 100_000), "secret"])
        {
            await client.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, Token);
            Assert.Equal(message, await ReceiveAsync(client));
        }

        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", Token);

        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.CloseStatus);
    }

    [Fact]
    public async Task A_websocket_that_the_origin_refuses_is_refused()
    {
        await using var origin = await KestrelOrigin.StartAsync(EchoMessagesAsync);
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address }, Token);
        using var client = new ClientWebSocket();
        client.Options.CollectHttpResponseDetails = true;

        await Assert.ThrowsAsync<WebSocketException>(() => client.ConnectAsync(new UriBuilder(loadBalancer.Address) { Scheme = "ws" }.Uri, Token));

        Assert.Equal(HttpStatusCode.Forbidden, client.HttpStatusCode);
    }

    [Fact]
    public async Task A_websocket_to_an_http2_backend_arrives_as_an_ordinary_request()
    {
        await using var origin = await KestrelOrigin.StartAsync(DescribeAsync, HttpProtocols.Http2);
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address, Protocol = BackendProtocol.Http2 }, Token);
        using var client = new ClientWebSocket();
        client.Options.CollectHttpResponseDetails = true;

        await Assert.ThrowsAsync<WebSocketException>(() => client.ConnectAsync(new UriBuilder(loadBalancer.Address) { Scheme = "ws" }.Uri, Token));

        Assert.Equal(HttpStatusCode.OK, client.HttpStatusCode);
    }

    [Fact]
    public async Task The_answer_arrives_with_its_own_lines_and_a_via()
    {
        await using var origin = new RawOrigin(
            "HTTP/1.1 201 Made\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n"
            + "Keep-Alive: timeout=5\r\nConnection: X-Private\r\nX-Private: 1\r\nX-Public: \u00e9\r\nContent-Length: 2\r\n\r\nok");
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address }, Token);

        var answer = await RawClient.GetAsync(loadBalancer.Address, "/", ["Host: a"], Token);

        Assert.StartsWith("HTTP/1.1 201 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Public: \u00e9\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nVia: 1.1 google\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Keep-Alive", answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("X-Private", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_load_balancers_work_side_by_side()
    {
        await using var origin = await KestrelOrigin.StartAsync(
            context => context.Response.WriteAsync($"{context.Request.Headers["X-Origin-Guard"]} {context.Request.QueryString}"));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async number =>
        {
            await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(
                new() { Origin = origin.Address, CustomRequestHeaders = [new("X-Origin-Guard", $"secret-{number}")] }, Token);
            using var client = new HttpClient();
            var answers = await Task.WhenAll(Enumerable.Range(0, 25).Select(i => client.GetStringAsync(new Uri(loadBalancer.Address, $"?{i}"), Token)));
            Assert.Equal(Enumerable.Range(0, 25).Select(i => $"secret-{number} ?{i}"), answers);
        }));
    }

    [Fact]
    public async Task Direct_clients_and_probes_come_from_where_they_say()
    {
        await using var origin = await KestrelOrigin.StartAsync(DescribeAsync);
        using var direct = SimulatedLoadBalancer.CreateDirectClient(origin.Address, IPAddress.Parse("127.0.0.3"));
        using var probe = SimulatedLoadBalancer.CreateProbeClient(origin.Address, IPAddress.Parse("127.0.0.4"));

        Assert.Contains("from 127.0.0.3\n", await direct.GetStringAsync(origin.Address, Token), StringComparison.Ordinal);
        var probed = await probe.GetStringAsync(origin.Address, Token);
        Assert.Contains("from 127.0.0.4\n", probed, StringComparison.Ordinal);
        Assert.Contains("User-Agent: GoogleHC/1.0\n", probed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpProtocols.Http1, "HTTP/1.1")]
    [InlineData(HttpProtocols.Http2, "HTTP/2")]
    [InlineData(HttpProtocols.Http1AndHttp2, "HTTP/2")]
    public async Task Direct_clients_and_probes_check_a_certificate_no_further_than_the_load_balancer(HttpProtocols protocols, string spoken)
    {
        using var certificate = SelfSigned();
        await using var origin = await KestrelOrigin.StartAsync(DescribeAsync, protocols, certificate: certificate);
        using var direct = SimulatedLoadBalancer.CreateDirectClient(origin.Address, IPAddress.Parse("127.0.0.3"));
        using var probe = SimulatedLoadBalancer.CreateProbeClient(origin.Address, IPAddress.Parse("127.0.0.4"));
        using var named = SimulatedLoadBalancer.CreateDirectClient(new Uri($"https://localhost:{origin.Address.Port}"), IPAddress.Parse("127.0.0.3"));
        foreach (var client in (HttpClient[])[direct, probe, named])
        {
            (client.DefaultRequestVersion, client.DefaultVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower);
            client.DefaultRequestHeaders.Host = "www.client.test";
        }

        Assert.StartsWith($"{spoken} www.client.test / from 127.0.0.3\n", await direct.GetStringAsync(new Uri("/", UriKind.Relative), Token), StringComparison.Ordinal);
        Assert.StartsWith($"{spoken} www.client.test / from 127.0.0.4\n", await probe.GetStringAsync(new Uri("/", UriKind.Relative), Token), StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => named.GetStringAsync(new Uri("/", UriKind.Relative), Token));
    }

    [Fact]
    public async Task Every_request_of_a_direct_client_goes_to_its_origin()
    {
        await using var origin = await KestrelOrigin.StartAsync(DescribeAsync);
        using var direct = SimulatedLoadBalancer.CreateDirectClient(origin.Address, IPAddress.Parse("127.0.0.3"));

        Assert.StartsWith("HTTP/1.1 elsewhere.test:81 /a from 127.0.0.3\n", await direct.GetStringAsync(new Uri("http://elsewhere.test:81/a"), Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/relative")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("ftp://127.0.0.1")]
    public void A_direct_client_needs_a_whole_address(string origin)
    {
        var address = new Uri(origin, UriKind.RelativeOrAbsolute);

        Assert.Contains("http://127.0.0.1:8080", Assert.Throws<ArgumentException>(() => SimulatedLoadBalancer.CreateDirectClient(address, IPAddress.Loopback)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SimulatedLoadBalancer.CreateProbeClient(address, IPAddress.Loopback));
    }

    private static async Task DescribeAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var request = context.Request;
        await context.Response.WriteAsync($"{request.Protocol} {request.Host} {target} from {context.Connection.RemoteIpAddress}\n");
        await context.Response.WriteAsync(string.Concat(request.Headers.Select(header => $"{header.Key}: {header.Value}\n")));
    }

    private static async Task EchoMessagesAsync(HttpContext context)
    {
        if (context.Request.Headers["X-Origin-Guard"] != "secret" || !context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync("echo");
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } received)
        {
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", context.RequestAborted);
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket client)
    {
        var message = new StringBuilder();
        var buffer = new byte[4096];
        while (true)
        {
            var received = await client.ReceiveAsync(buffer, Token);
            message.Append(Encoding.UTF8.GetString(buffer, 0, received.Count));
            if (received.EndOfMessage)
            {
                return message.ToString();
            }
        }
    }

    private static X509Certificate2 SelfSigned(string name = "origin.test")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
