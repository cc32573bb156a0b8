using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.TestKit;
using OriginGuard.Tests.Iap;
using OriginGuard.Tests.Ranges;
using Xunit;

namespace OriginGuard.Tests.Telemetry;

/// <summary>.NET calls whoever listens to a metric where it is measured, and catches nothing: a listener that throws must cost its measurements, and nothing else.</summary>
public sealed class SteadyInstrumentsTests
{
    [Fact]
    public async Task A_listener_that_throws_costs_no_request()
    {
        await using var app = await GuardedApp.StartAsync();
        using var listener = Listen(app.Services.GetRequiredService<IMeterFactory>(), out var failures);

        var admitted = await app.SendAsync(GuardedApp.LoadBalancer, static request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);
        var refused = await app.SendAsync(GuardedApp.Stranger);
        var suspected = await app.SendAsync(GuardedApp.Stranger, static request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);

        Assert.Equal((200, 403, 403), (admitted.Response.StatusCode, refused.Response.StatusCode, suspected.Response.StatusCode));
        Assert.Superset(
            new HashSet<string>(["originguard.requests", "originguard.shared_secret.matches", "originguard.stale_ranges.suspected"]), failures.ToHashSet());
    }

    [Fact]
    public async Task A_listener_that_throws_ends_no_refreshing()
    {
        await using var scene = new SupplyScene();
        using var listener = Listen(scene.Meters, out var failures);
        scene.Resolver.Answer(SupplyScene.Name, "v=spf1 ip4:34.96.0.0/20 ~all");
        await scene.StartAsync();
        await scene.AsleepAsync();
        await scene.NextAsync();

        Assert.False(scene.Status.HasStopped);
        Assert.Equal(SupplyScene.Admitted, scene.Verdict("34.96.1.1"));
        Assert.Superset(new HashSet<string>(["originguard.ranges.refreshes", "originguard.ranges.refresh.duration"]), failures.ToHashSet());
    }

    [Fact]
    public async Task A_listener_that_throws_keeps_no_keys_away()
    {
        await using var world = new IapWorld();
        using var listener = Listen(world.Meters, out var failures);
        await world.ApplyAsync();
        await world.SleepOverAsync();

        Assert.Equal((1, 2), (world.Verifier.KeyStatus.Count, world.Keys.Fetches));
        Assert.Contains("originguard.iap.keys.refreshes", failures);
    }

    /// <summary>Listens to the meters of one factory, and to no other test's.</summary>
    private static MeterListener Listen(IMeterFactory factory, out IReadOnlyCollection<string> failures)
    {
        var heard = new System.Collections.Concurrent.ConcurrentBag<string>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Name.StartsWith("originguard.", StringComparison.Ordinal))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, _, _) => Throw(instrument));
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => Throw(instrument));
        listener.Start();
        failures = heard;
        return listener;

        void Throw(Instrument instrument)
        {
            heard.Add(instrument.Name);
            throw new InvalidOperationException("planted");
        }
    }
}
