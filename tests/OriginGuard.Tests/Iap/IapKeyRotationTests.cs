using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Iap;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Iap;

/// <summary>Rotation, outage and flood over a real connection and with the services as they are registered, under concurrent load.</summary>
public sealed class IapKeyRotationTests
{
    [Fact]
    public async Task Admits_every_request_through_rotations_and_outages_while_invented_ids_pour_in()
    {
        var time = new ManualTimeProvider();
        using var issuer = new IapAssertionIssuer(time);
        await using var endpoint = await IapKeyEndpoint.StartAsync(issuer, TestContext.Current.CancellationToken);
        await using var services = Services(time);
        var sources = services.GetRequiredService<IapKeySources>();
        var verifier = services.GetRequiredService<IapVerifier>();
        verifier.Apply(new IapOptions { Audiences = [IapWorld.Audience], KeysUri = endpoint.Uri });
        await sources.WaitForFirstLoadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, verifier.KeyStatus.Count);

        for (var round = 1; round <= 3; round++)
        {
            // The key is published before the clock moves: the fetch that the last flood has asked for starts as soon as it does.
            issuer.Rotate(keepFormerKeys: true);
            await IapWorld.UntilAsync(() => time.ArmedTimers is [var sleep] && (round == 1 || sleep <= IapKeySchedule.CoolDown));
            time.Advance(IapKeySchedule.CoolDown);

            // The first to come with the new key wait for one fetch; those with invented ids share it.
            await AdmitsAsync(verifier, issuer, rounds: 1);
            Assert.Equal(round + 1, verifier.KeyStatus.Count);

            foreach (var outage in (IapKeyEndpointBehavior[])[IapKeyEndpointBehavior.ServerError, IapKeyEndpointBehavior.EmptySet, IapKeyEndpointBehavior.Garbage, IapKeyEndpointBehavior.Disconnect])
            {
                endpoint.Behavior = outage;
                await AdmitsAsync(verifier, issuer, rounds: 5);
            }

            endpoint.Behavior = IapKeyEndpointBehavior.Serve;
        }

        // The clock stood still within a round: one fetch for the rotation, and at most one more that the flood had asked for.
        Assert.InRange(endpoint.FetchCount, 4, 7);
    }

    [Fact]
    public async Task Does_not_follow_a_redirect()
    {
        var time = new ManualTimeProvider();
        using var issuer = new IapAssertionIssuer(time);
        await using var endpoint = await IapKeyEndpoint.StartAsync(issuer, TestContext.Current.CancellationToken);
        endpoint.Behavior = IapKeyEndpointBehavior.Redirect;
        await using var services = Services(time);
        var verifier = services.GetRequiredService<IapVerifier>();
        verifier.Apply(new IapOptions { Audiences = [IapWorld.Audience], KeysUri = endpoint.Uri });

        await IapWorld.UntilAsync(() => verifier.KeyStatus.LastError is not null);

        Assert.Equal(new IapKeyStatus(0, null, "status 302"), verifier.KeyStatus);
        Assert.Equal(1, endpoint.FetchCount);
    }

    [Fact]
    public async Task Does_not_accept_a_redirect_that_a_handler_of_the_users_has_followed()
    {
        var time = new ManualTimeProvider();
        using var issuer = new IapAssertionIssuer(time);
        await using var endpoint = await IapKeyEndpoint.StartAsync(issuer, TestContext.Current.CancellationToken);
        endpoint.Behavior = IapKeyEndpointBehavior.Redirect;
        await using var services = Services(time, handler => handler.AllowAutoRedirect = true);
        var verifier = services.GetRequiredService<IapVerifier>();
        verifier.Apply(new IapOptions { Audiences = [IapWorld.Audience], KeysUri = endpoint.Uri });

        await IapWorld.UntilAsync(() => verifier.KeyStatus.LastError is not null);

        Assert.Equal(new IapKeyStatus(0, null, "the answer was redirected"), verifier.KeyStatus);
        Assert.Equal(2, endpoint.FetchCount);
    }

    private static ServiceProvider Services(ManualTimeProvider time, Action<SocketsHttpHandler>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(time);
        services.FollowTestClock();
        services.AddIapKeys();
        services.AddSingleton<IapVerifier>();
        if (configure is not null)
        {
            services.AddHttpClient(IapDefaults.HttpClientName).UseSocketsHttpHandler((handler, _) => configure(handler));
        }

        services.AddIapKeys(); // a second registration leaves the user's handler alone
        return services.BuildServiceProvider();
    }

    private static async Task AdmitsAsync(IapVerifier verifier, IapAssertionIssuer issuer, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            var good = Enumerable.Range(0, 20).Select(_ => Task.Run(async () => (await verifier.VerifyAsync(issuer.Issue(IapWorld.Audience))).Reason));
            var invented = Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
                (await verifier.VerifyAsync(issuer.Sign("{}", $$"""{"alg":"ES256","kid":"{{Guid.NewGuid()}}"}"""))).Reason));
            var (admitted, refused) = (Task.WhenAll(good), Task.WhenAll(invented));
            Assert.All(await admitted, reason => Assert.Equal(RefusalReason.None, reason));
            Assert.All(await refused, reason => Assert.Equal(RefusalReason.IapUnknownKey, reason));
        }
    }
}
