using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OriginGuard.Checks;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Testing;

/// <summary>The guard gives the same verdict whichever spelling, line splitting or protocol carried the same request through the simulator.</summary>
public sealed class SameVerdictProperties
{
    private static readonly IPAddress LoadBalancer = IPAddress.Parse("127.50.0.1");
    private static readonly IPAddress Stranger = IPAddress.Parse("127.60.0.1");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Connection")]
    [InlineData("ForwardedFor")]
    public async Task Every_load_balancer_in_front_of_a_test_server(string addressFrom)
    {
        await using var app = await GuardedApp.StartAsync(Settings(addressFrom), pipeline: Guarded);
        SimulatedLoadBalancerOptions[] kinds = [.. from kind in Enum.GetValues<LoadBalancerKind>()
            from protocol in Enum.GetValues<BackendProtocol>()
            from merge in new[] { true, false }
            from source in new[] { LoadBalancer, Stranger }
            select new SimulatedLoadBalancerOptions { Kind = kind, Protocol = protocol, MergeUnknownHeaders = merge, SourceAddress = source }];

        ForEveryRequest(300, addressFrom, async (request, deserved, random) =>
        {
            foreach (var kind in kinds.Where(kind => kind.SourceAddress!.Equals(request.IsFromLoadBalancer ? LoadBalancer : Stranger)))
            {
                using var client = SimulatedLoadBalancer.CreateClient(app.Server, kind);
                using var message = new HttpRequestMessage(HttpMethod.Get, "/");
                foreach (var line in request.Spell(random))
                {
                    Assert.True(message.Headers.TryAddWithoutValidation(line.Key, line.Value));
                }

                using var response = await client.SendAsync(message, Token);

                Assert.Equal(deserved, response.Headers.GetValues("Verdict").Single());
            }
        });
    }

    [Theory]
    [InlineData("Connection")]
    [InlineData("ForwardedFor")]
    public async Task Every_protocol_over_real_sockets(string addressFrom)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Two addresses of 127.0.0.0/8 to connect from: Linux has them.");
        await using var http1 = await StartOriginAsync(addressFrom, HttpProtocols.Http1);
        await using var http2 = await StartOriginAsync(addressFrom, HttpProtocols.Http2);
        await using var loadBalancer1 = await StartAsync(http1, BackendProtocol.Http, LoadBalancer);
        await using var loadBalancer2 = await StartAsync(http2, BackendProtocol.Http2, LoadBalancer);
        await using var stranger1 = await StartAsync(http1, BackendProtocol.Http, Stranger);
        await using var stranger2 = await StartAsync(http2, BackendProtocol.Http2, Stranger);

        ForEveryRequest(150, addressFrom, async (request, deserved, random) =>
        {
            foreach (var way in request.IsFromLoadBalancer ? [loadBalancer1, loadBalancer2] : new[] { stranger1, stranger2 })
            {
                var answer = await RawClient.GetAsync(way.Address, "/", ["Host: a", .. request.Spell(random).Select(line => $"{line.Key}: {line.Value}")], Token);

                Assert.Contains($"Verdict: {deserved}\r\n", answer, StringComparison.OrdinalIgnoreCase);
            }
        });
    }

    private static void ForEveryRequest(int count, string addressFrom, Func<LogicalRequest, string, Random, Task> property)
    {
        var seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(20260102UL, 42949673UL), Prop.ForAll(seeds, seed =>
        {
            var random = new Random(seed);
            var request = LogicalRequest.Draw(random);
            return property(request, request.Deserves(byForwardedFor: addressFrom == "ForwardedFor"), random);
        }));
    }

    private static Dictionary<string, string?> Settings(string addressFrom) => GuardedApp.Settings(
        ("SourceAddress:Networks:0", LogicalRequest.Network),
        ("SourceAddress:From", addressFrom),
        // What the caller sent stands left of the client and the load balancer, which the simulator appends.
        ("SourceAddress:ForwardedForPosition", "3"),
        ("SharedSecret:Secrets:1", GuardedApp.PreviousSecret));

    private static Task<GuardedOrigin> StartOriginAsync(string addressFrom, HttpProtocols protocols) => GuardedOrigin.StartAsync(
        Settings(addressFrom), options => options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols), Guarded);

    private static Task<SimulatedLoadBalancer> StartAsync(GuardedOrigin origin, BackendProtocol protocol, IPAddress source) =>
        SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address, Protocol = protocol, SourceAddress = source }, Token);

    private static void Guarded(WebApplication app)
    {
        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                var verdict = context.Features.Get<IOriginGuardFeature>()!.Verdict; // the guard runs for every request
                context.Response.Headers["Verdict"] = verdict.IsAllowed ? verdict.Outcome.ToName() : verdict.Reason.ToCode();
                return Task.CompletedTask;
            });
            return next(context);
        });
        app.UseOriginGuard();
        app.Run(static context => context.Response.WriteAsync("inside"));
    }
}
