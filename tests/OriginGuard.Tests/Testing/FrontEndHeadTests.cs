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
                CustomRequestHeaders = [new("X-Origin-Guard", "from-the-load-balancer", replace: false)],
            },
            Token);

        await RawClient.GetAsync(
            loadBalancer.Address,
            "/a/../%2e/b?x=%41",
            ["Host: origin.test", "accept: a", "x-origin-guard: from-the-client", "te: trailers", "accept: b", "x-cloud-trace-context: t/1", "accept-ch: x"],
            Token);

        var head = origin.Heads.Single();
        Assert.StartsWith("GET /a/../%2e/b?x=%41 HTTP/1.1\r\n", head, StringComparison.Ordinal);
        Assert.Equal(
            [
                "Accept-CH: x",
                "Accept: a,b",
                "Host: origin.test",
                "Via: 1.1 google",
                "X-Cloud-Trace-Context: t/1",
                "X-Forwarded-For: 203.0.113.9,198.51.100.1",
                "X-Forwarded-Proto: http",
                "X-Origin-Guard: from-the-client",
                "X-Origin-Guard: from-the-load-balancer",
            ],
            origin.Lines.Order(StringComparer.Ordinal));
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
