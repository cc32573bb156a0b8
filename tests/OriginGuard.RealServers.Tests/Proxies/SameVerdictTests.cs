using System.Net;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.RealServers.Tests.Proxies;

/// <summary>The guard gives the same verdict whichever spelling, line splitting or protocol carried the same request.</summary>
public sealed class SameVerdictTests
{
    private const int Requests = 150;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Connection", 501)]
    [InlineData("ForwardedFor", 502)]
    public async Task The_verdict_belongs_to_the_request_and_not_to_who_carried_it(string addressFrom, int seed)
    {
        await using var origin = await ProxiedOrigin.StartAsync(
            more: [("SharedSecret:Secrets:1", GuardedApp.PreviousSecret), ("SourceAddress:From", addressFrom)]);
        await using var ways = await Ways.StartAsync(origin);
        var random = new Random(seed);
        var verdicts = new HashSet<string>();

        for (var i = 0; i < Requests; i++)
        {
            var request = LogicalRequest.Draw(random);
            var deserved = request.Deserves(byForwardedFor: addressFrom == "ForwardedFor");
            verdicts.Add(deserved);
            foreach (var (name, to) in ways.For(request.IsFromLoadBalancer))
            {
                // Each way gets a spelling of its own. Who asks a proxy does not matter: the admitted address, so that it would show.
                var lines = request.Spell(random);
                var from = name == "direct" && !request.IsFromLoadBalancer ? ProxiedOrigin.Stranger : ProxiedOrigin.LoadBalancer;
                var answer = await WireClient.GetAsync(to, from, lines.Select(line => $"{line.Key}: {line.Value}"), Token);

                Assert.True(
                    answer.Seen.Verdict == deserved && answer.Status == (deserved == "admitted" ? 200 : 403),
                    $"Request {i}, {name}: {request} deserves {deserved}, got {answer.Text}");
            }
        }

        string[] byAddress = addressFrom == "ForwardedFor" ? ["address.forwarded_for_invalid", "address.outside_ranges"] : ["address.outside_ranges"];
        Assert.Equal([.. byAddress, "admitted", "headers.smuggled", "secret.mismatch", "secret.missing", "secret.multiple"], verdicts.Order(StringComparer.Ordinal));
    }

    /// <summary>Every way to the origin: each kind of proxy from both sides of the ranges, and none.</summary>
    private sealed class Ways(ProxiedOrigin origin) : IAsyncDisposable
    {
        private readonly List<(ProxyKind Kind, bool IsLoadBalancer, RealServer Proxy)> _proxies = [];

        public static async Task<Ways> StartAsync(ProxiedOrigin origin)
        {
            var ways = new Ways(origin);
            try
            {
                foreach (var kind in Enum.GetValues<ProxyKind>())
                {
                    ways._proxies.Add((kind, true, await ProxyServers.StartAsync(kind, origin)));
                    ways._proxies.Add((kind, false, await ProxyServers.StartAsync(kind, origin, ProxiedOrigin.Stranger)));
                }

                return ways;
            }
            catch
            {
                await ways.DisposeAsync();
                throw;
            }
        }

        public IEnumerable<(string Name, IPEndPoint To)> For(bool fromLoadBalancer) => _proxies
            .Where(way => way.IsLoadBalancer == fromLoadBalancer)
            .Select(way => ($"{way.Kind}", way.Proxy.EndPoint))
            .Append(("direct", origin.Http1));

        public async ValueTask DisposeAsync()
        {
            foreach (var (_, _, proxy) in _proxies)
            {
                await proxy.DisposeAsync();
            }
        }
    }
}
