using Microsoft.Extensions.Logging;
using OriginGuard.Configuration;
using OriginGuard.Ranges;
using Xunit;

namespace OriginGuard.Tests.Ranges;

public class RangeRefresherReloadTests
{
    private const string Peer = "34.96.1.1";
    private const string Text = "v=spf1 ip4:34.96.0.0/20 ~all";

    [Fact]
    public async Task Asks_at_once_after_a_change()
    {
        await using var scene = await SupplyScene.StartedAsync(Text);
        var before = scene.Clock.GetUtcNow();

        scene.Reload(static _ => { });
        await scene.AsleepAsync(questions: 2);

        Assert.Equal(before, scene.Clock.GetUtcNow());
        Assert.Equal(2, scene.Resolver.Calls);
    }

    [Fact]
    public async Task Gives_up_a_flight_under_the_old_configuration_and_never_has_two()
    {
        await using var scene = await SupplyScene.StartedAsync(Text);
        List<CancellationToken> flights = [];
        var most = 0;
        scene.Resolver.Gate = (_, cancellationToken) =>
        {
            // A flight that was given up may take a moment to come down; nobody waits for it or reads its answer.
            lock (flights)
            {
                flights.Add(cancellationToken);
                most = Math.Max(most, flights.Count(static flight => !flight.IsCancellationRequested));
            }

            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        };
        scene.Clock.Advance(scene.Clock.ArmedTimers[0]);
        for (var reload = 1; reload <= 5; reload++)
        {
            await AreUnderWayAsync(reload);
            scene.Reload(static _ => { });
        }

        await AreUnderWayAsync(6);
        scene.Resolver.Gate = null;
        scene.Reload(static _ => { });
        await scene.AsleepAsync(questions: 8);

        Assert.Equal((1, 0.0), (most, scene.Refreshes("failed")));
        Assert.Null(scene.Status.LastError);

        // Not when the resolver was called: a flight that was given up between the call and the gate was never seen to be alone.
        Task AreUnderWayAsync(int count) => SupplyScene.UntilAsync(() =>
        {
            lock (flights)
            {
                return flights.Count == count;
            }
        });
    }

    [Fact]
    public async Task Survives_what_a_resolver_hangs_on_the_token()
    {
        await using var scene = await SupplyScene.StartedAsync(Text);
        scene.Resolver.Gate = static (_, cancellationToken) =>
        {
            cancellationToken.Register(static () => throw new InvalidOperationException("not now"));
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        };
        scene.Reload(static _ => { });
        await SupplyScene.UntilAsync(() => scene.Resolver.Calls == 2);

        scene.Resolver.Gate = null;
        scene.Reload(static _ => { });
        await scene.AsleepAsync(questions: 3);

        Assert.False(scene.Status.HasStopped);
    }

    /// <summary>A client that is closed in the call-back, and waited for there, holds a thread and neither this reload nor the next refresh.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Outlives_what_a_resolver_hangs_on_the_token_and_never_ends(bool isReload)
    {
        using var never = new ManualResetEventSlim();
        await using var scene = await SupplyScene.StartedAsync(Text);
        var (isUnderWay, hangs) = (new TaskCompletionSource(), new TaskCompletionSource());
        scene.Resolver.Gate = async (_, cancellationToken) =>
        {
            // Behind the first wait: what is hung on later is called before.
            await Task.Yield();
            cancellationToken.Register(() =>
            {
                hangs.SetResult();
                never.Wait(TimeSpan.FromMinutes(1)); // longer than anybody here waits
            });
            isUnderWay.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
        };
        scene.Clock.Advance(scene.Clock.ArmedTimers[0]);
        await isUnderWay.Task;
        scene.Resolver.Gate = null;
        if (isReload)
        {
            scene.Reload(static _ => { });
        }
        else
        {
            scene.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        await hangs.Task;
        await SupplyScene.UntilAsync(() => scene.Clock.ArmedTimers is [{ TotalSeconds: 1 }, ..]);
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        if (isReload)
        {
            await scene.AsleepAsync(questions: 3);
        }
        else
        {
            await scene.AsleepAsync(questions: 2);
            Assert.EndsWith("no answer within 00:05:00", scene.Status.LastError, StringComparison.Ordinal);
            await scene.NextAsync();
        }

        Assert.Equal((null, false, 3), (scene.Status.LastError, scene.Status.HasStopped, scene.Resolver.Calls));
        never.Set();
    }

    /// <summary>A timer that runs into an exception ends the process.</summary>
    [Fact]
    public async Task A_flight_that_takes_too_long_may_throw_when_it_is_told()
    {
        await using var scene = await SupplyScene.StartedAsync(Text);
        var isUnderWay = new TaskCompletionSource();
        scene.Resolver.Gate = (_, cancellationToken) =>
        {
            cancellationToken.Register(static () => throw new InvalidOperationException("not now"));
            isUnderWay.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        };
        scene.Clock.Advance(scene.Clock.ArmedTimers[0]);
        await isUnderWay.Task;
        scene.Resolver.Gate = null;

        scene.Clock.Advance(TimeSpan.FromMinutes(5));
        await scene.AsleepAsync(questions: 2);

        Assert.EndsWith("no answer within 00:05:00", scene.Status.LastError, StringComparison.Ordinal);
    }

    /// <summary>Requests come by the new configuration from the first moment on: those of the load balancer do not wait for a disk or for DNS.</summary>
    [Fact]
    public async Task A_layer_that_is_switched_on_has_its_built_in_ranges_at_once()
    {
        await using var scene = new SupplyScene(static options => options.UseBuiltInRanges = true);
        scene.Ranges.Use(scene.Ranges.Prepare(new SourceAddressOptions { RecordNames = [] }));
        await scene.Refresher.StartAsync(scene.Options, isOn: false);
        scene.Resolver.Gate = static (_, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

        scene.Reload(static _ => { });

        Assert.Equal(SupplyScene.Admitted, scene.Verdict(Peer));
    }

    [Fact]
    public async Task Counts_failures_anew_after_a_change()
    {
        await using var scene = new SupplyScene();
        scene.Fail();
        await scene.StartAsync();
        for (var failure = 1; failure < 7; failure++)
        {
            await scene.NextAsync();
        }

        scene.Reload(static _ => { });
        await scene.AsleepAsync(questions: 8);

        Assert.Equal(LogLevel.Error, scene.Logs.WithId(4104).Last().Level);
        Assert.InRange(scene.Clock.ArmedTimers[0], TimeSpan.Zero, TimeSpan.FromMilliseconds(500));
    }

    [Fact]
    public async Task Forgets_a_record_that_has_gone_and_starts_afresh_when_it_comes_back()
    {
        await using var scene = await SupplyScene.StartedAsync(Text, static options => options.SnapshotPath = null);

        scene.Reload(static options => (options.RecordNames, options.Networks) = ([], [System.Net.IPNetwork.Parse("36.0.0.0/16")]));
        await SupplyScene.UntilAsync(() => scene.Clock.ArmedTimers.Count == 0);
        Assert.Empty(scene.Refresher.Status);
        Assert.Equal((SupplyScene.Refused, SupplyScene.Admitted), (scene.Verdict(Peer), scene.Verdict("36.0.0.1")));

        scene.Fail();
        scene.Reload(static options => options.RecordNames = [SupplyScene.Name]);
        await scene.AsleepAsync(questions: 2);
        Assert.Equal(SupplyScene.Undetermined, scene.Verdict(Peer));

        scene.Resolver.Answer(SupplyScene.Name, Text);
        await scene.NextAsync();
        Assert.Equal(SupplyScene.Admitted, scene.Verdict(Peer));
    }

    [Fact]
    public async Task Rests_while_it_is_off_and_asks_at_once_when_it_is_on_again()
    {
        await using var scene = await SupplyScene.StartedAsync(Text);

        scene.Reload(static _ => { }, isOn: false);
        await SupplyScene.UntilAsync(() => scene.Clock.ArmedTimers.Count == 0);
        scene.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, scene.Resolver.Calls);
        scene.Metrics.Observe();
        Assert.DoesNotContain(scene.Metrics.Measurements, static measured => measured.Instrument is "originguard.ranges.age" or "originguard.ranges.networks");

        scene.Resolver.Answer(SupplyScene.Name, "v=spf1 ip4:35.1.0.0/16");
        scene.Reload(static _ => { });
        await scene.AsleepAsync(questions: 2);
        Assert.Equal((SupplyScene.Refused, SupplyScene.Admitted), (scene.Verdict(Peer), scene.Verdict("35.1.0.1")));
        scene.Metrics.Observe();
        Assert.Equal((1, 0), (scene.Metrics.Sum("originguard.ranges.networks"), scene.Metrics.Sum("originguard.ranges.age")));
    }

    [Fact]
    public async Task Does_not_keep_as_last_known_good_what_the_new_configuration_forbids()
    {
        await using var scene = await SupplyScene.StartedAsync("v=spf1 ip4:10.0.0.0/8", static options => options.AllowNonPublicNetworks = true);
        Assert.Equal(SupplyScene.Admitted, scene.Verdict("10.0.0.1"));

        scene.Reload(static options => options.AllowNonPublicNetworks = false);
        await scene.AsleepAsync(questions: 2);

        Assert.Equal(SupplyScene.Undetermined, scene.Verdict("10.0.0.1"));
        Assert.Contains("10.0.0.0/8", Assert.Single(scene.Logs.WithId(4107)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drops_the_built_in_ranges_when_they_are_switched_off()
    {
        await using var scene = new SupplyScene(static options => options.UseBuiltInRanges = true);
        scene.Fail();
        await scene.StartAsync();
        await scene.AsleepAsync();
        Assert.Equal(SupplyScene.Admitted, scene.Verdict(Peer));

        scene.Reload(static options => options.UseBuiltInRanges = false);
        await scene.AsleepAsync(questions: 2);

        Assert.Equal(SupplyScene.Undetermined, scene.Verdict(Peer));
    }

    [Fact]
    public async Task Reads_a_snapshot_that_the_new_configuration_names()
    {
        await using var first = await SupplyScene.StartedAsync(Text);
        await first.StopAsync();
        await using var second = new SupplyScene(static options => options.SnapshotPath = null, first);
        second.Fail();
        await second.StartAsync();
        await second.AsleepAsync();

        second.Reload(options => options.SnapshotPath = second.SnapshotPath);
        await second.AsleepAsync(questions: 2);

        Assert.Equal(RangeOrigin.Snapshot, second.Origin);
    }

    [Fact]
    public void Takes_a_final_dot_for_nothing()
    {
        var options = new OriginGuardOptions { SourceAddress = { RecordNames = ["_ranges.example.", "_more.example", "_bad.example..", "."] } };

        new PlatformDefaults().PostConfigure(null, options);

        Assert.Equal(["_ranges.example", "_more.example", "_bad.example..", "."], options.SourceAddress.RecordNames!);
    }
}
