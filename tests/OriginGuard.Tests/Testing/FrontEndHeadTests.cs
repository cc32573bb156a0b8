using System.Net;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Testing;

/// <summary>What the listening load balancer really puts on the wire.</summary>
public class FrontEndHeadTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writes_every_line_as_the_normalizer_says_and_nothing_else()
    {
        await using var origin = new RawOrigin();
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(
            new()
            {
                Origin = origin.Address,
                ClientAddress = IPAddress.Parse("203.0.113.9"),
                CustomRequestHeaders = [new("X-Origin-Guard", "Google's", replace: false)],
            },
            Token);

        await RawClient.GetAsync(
            loadBalancer.Address,
            "/a/../%2e/b?x=%41",
            ["Host: origin.test", "accept: a", "x-origin-guard: the client's", "te: trailers", "accept: b", "x-cloud-trace-context: t/1", "accept-ch: x"],
            Token);

        var head = origin.Heads.Single();
        Assert.StartsWith("GET /a/../%2e/b?x=%41 HTTP/1.1\r\n", origin.Heads.Single(), StringComparison.Ordinal);
        Assert.Equal(
            [
                "Accept: a,b",
                "Accept-CH: x",
                "Host: origin.test",
                "Via: 1.1 google",
                "X-Cloud-Trace-Context: t/1",
                "X-Forwarded-For: 203.0.113.9,198.51.100.1",
                "X-Forwarded-Proto: http",
                "X-Origin-Guard: the client's",
                "X-Origin-Guard: Google's",
            ],
            origin.Lines.OrderBy(line => line.Split(':')[0], StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_custom_header_can_say_that_clients_came_by_https()
    {
        await using var origin = new RawOrigin();
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(
            new() { Origin = origin.Address, CustomRequestHeaders = [new("X-Forwarded-Proto", "https")] }, Token);

        await RawClient.GetAsync(loadBalancer.Address, "/", ["Host: origin.test"], Token);

        Assert.Equal("X-Forwarded-Proto: https", Assert.Single(origin.Lines, static line => line.StartsWith("X-Forwarded-Proto", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task A_regional_load_balancer_writes_lower_case_and_merges_nothing()
    {
        await using var origin = new RawOrigin();
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(
            new() { Origin = origin.Address, Kind = LoadBalancerKind.Regional, ClientAddress = IPAddress.Parse("203.0.113.9") }, Token);

        await RawClient.GetAsync(
            loadBalancer.Address, "/", ["Host: origin.test", "Accept: b", "X-Cloud-Trace-Context: t/1", "Accept: a", "X-Other: \u00e9"], Token);

        Assert.Equal(
            [
                "accept: b",
                "accept: a",
                "host: origin.test",
                "via: 1.1 google",
                "x-cloud-trace-context: t/1",
                "x-forwarded-for: 203.0.113.9,198.51.100.1",
                "x-forwarded-proto: http",
                "x-other: \u00e9",
            ],
            origin.Lines.OrderBy(line => line.Split(':')[0], StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Content-Length: 4\r\n\r\nbody", "Content-Length: 4", "Transfer-Encoding")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n", "Transfer-Encoding: chunked", "Content-Length")]
    [InlineData("content-length: 0\r\n\r\n", "Content-Length: 0", "Transfer-Encoding")]
    public async Task A_body_has_the_frame_that_the_client_gave_it(string body, string frame, string other)
    {
        await using var origin = new RawOrigin();
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address }, Token);
        using var client = await RawClient.ConnectAsync(loadBalancer.Address, Token);

        await client.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\n{body}", Token);
        await client.ReadUntilAsync("ok", Token);

        var head = origin.Heads.First();
        Assert.Contains($"\r\n{frame}\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain(other, head, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("http://www.client.test/a/%2e%2e/b?c", "/a/%2e%2e/b?c")]
    [InlineData("http://www.client.test", "/")]
    [InlineData("//double//slash/", "//double//slash/")]
    [InlineData("/?", "/?")]
    public async Task A_target_arrives_to_the_letter(string sent, string received)
    {
        await using var origin = new RawOrigin();
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address }, Token);

        await RawClient.GetAsync(loadBalancer.Address, sent, ["Host: www.client.test"], Token);

        Assert.StartsWith($"GET {received} HTTP/1.1\r\n", origin.Heads.Single(), StringComparison.Ordinal);
    }

    /// <summary>Google documents one limit, for the address of a request together with its headers.</summary>
    [Fact]
    public async Task A_long_target_arrives_as_long_as_headers_may_be()
    {
        await using var origin = new RawOrigin();
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address }, Token);
        var target = $"/?{new string('a', 50 * 1024)}";

        await RawClient.GetAsync(loadBalancer.Address, target, ["Host: www.client.test"], Token);

        Assert.StartsWith($"GET {target} HTTP/1.1\r\n", origin.Heads.Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LoadBalancerKind.Global, 29, "200 ")]
    [InlineData(LoadBalancerKind.Global, 31, "431 ")]
    [InlineData(LoadBalancerKind.Classic, 31, "200 ")]
    [InlineData(LoadBalancerKind.Classic, 35, "431 ")]
    [InlineData(LoadBalancerKind.Global, 61, "431 ")]
    public async Task A_long_target_leaves_less_room_for_headers(LoadBalancerKind kind, int kibibytes, string status)
    {
        await using var origin = new RawOrigin();
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address, Kind = kind }, Token);

        var answer = await RawClient.GetAsync(loadBalancer.Address, $"/?{new string('a', kibibytes * 1024)}", ["Host: a", $"X-Large: {new string('a', 30 * 1024)}"], Token);

        Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
    }

    /// <summary>Kestrel takes names that no specification knows; what a stranger writes is no failure of the test's own code.</summary>
    [Theory]
    [InlineData("X(Y)")]
    [InlineData("X@Y")]
    [InlineData("X[0]")]
    public async Task A_header_whose_name_is_none_is_refused(string name)
    {
        await using var origin = new RawOrigin();
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address }, Token);

        Assert.StartsWith("HTTP/1.1 400 ", await RawClient.GetAsync(loadBalancer.Address, "/", ["Host: a", $"{name}: 1"], Token), StringComparison.Ordinal);
        Assert.Empty(origin.Heads);
    }

    [Theory]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "OPTIONS / HTTP/1.1\r\n")]
    [InlineData("GET /old HTTP/1.0\r\n\r\n", "GET /old HTTP/1.1\r\n")]
    public async Task A_request_for_no_path_or_no_host_arrives_as_one_that_has_them(string sent, string received)
    {
        await using var origin = new RawOrigin();
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address }, Token);
        using var client = await RawClient.ConnectAsync(loadBalancer.Address, Token);

        await client.SendAsync(sent, Token);

        Assert.EndsWith("ok", await client.ReadToEndAsync(Token), StringComparison.Ordinal);
        Assert.StartsWith(received, origin.Heads.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connects_from_an_address_of_its_own()
    {
        await using var origin = new RawOrigin();
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address }, Token);

        await RawClient.GetAsync(loadBalancer.Address, "/", ["Host: origin.test"], Token);

        Assert.Equal(loadBalancer.SourceAddress, origin.Peers.Single());
        Assert.NotEqual(IPAddress.Loopback, loadBalancer.SourceAddress);
    }
}
