using Microsoft.Extensions.Logging;
using Xunit;

namespace OriginGuard.Tests.Ranges;

public class RangeRefresherEndTests
{
    private const string Peer = "34.96.1.1";
    private const string Text = "v=spf1 ip4:34.96.0.0/20 ~all";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stops_during_a_refresh_without_a_word(bool heedsTheToken)
    {
        await using var scene = await SupplyScene.StartedAsync(Text);
        scene.Resolver.Gate = (_, cancellationToken) =>
            Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, heedsTheToken ? cancellationToken : CancellationToken.None);
        scene.Clock.Advance(scene.Clock.ArmedTimers[0]);
        await SupplyScene.UntilAsync(() => scene.Resolver.Calls == 2);

        await scene.StopAsync();

        Assert.Empty(scene.Clock.ArmedTimers);
        Assert.DoesNotContain(scene.Logs.Entries, static entry => entry.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task Stops_before_the_first_answer_and_lets_the_start_go_on()
    {
        await using var scene = new SupplyScene();
        scene.Resolver.Gate = static (_, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        var starting = scene.StartAsync();
        await SupplyScene.UntilAsync(() => scene.Resolver.Calls == 1);

        await scene.StopAsync();

        await starting;
        Assert.Equal(SupplyScene.Undetermined, scene.Verdict(Peer));
    }

    [Fact]
    public async Task Waits_for_the_end_no_longer_than_it_is_allowed_to()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A pipe that nobody writes to is how a file hangs on Linux.");
        await using var scene = new SupplyScene();
        using (var makePipe = System.Diagnostics.Process.Start("mkfifo", scene.SnapshotPath))
        {
            await makePipe.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var starting = scene.StartAsync();
        await scene.Clock.WaitForTimersAsync(1, TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Refresher.StopAsync(new CancellationToken(canceled: true)));

        await scene.LetGoOfPipeAsync();
        await starting;
    }

    [Fact]
    public async Task Does_not_let_a_disk_that_hangs_hold_up_the_end()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A pipe that nobody writes to is how a file hangs on Linux.");
        await using var scene = new SupplyScene();
        scene.Resolver.Answer(SupplyScene.Name, Text);
        using (var makePipe = System.Diagnostics.Process.Start("mkfifo", scene.SnapshotPath))
        {
            await makePipe.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var starting = scene.StartAsync();
        await scene.Clock.WaitForTimersAsync(1, TestContext.Current.CancellationToken);
        scene.Clock.Advance(scene.Clock.ArmedTimers[0]); // the patience with the disk at the start
        await starting;
        await scene.AsleepAsync();

        var stopping = scene.StopAsync();
        try
        {
            await SupplyScene.UntilAsync(() => scene.Clock.ArmedTimers is [{ TotalSeconds: 2 }]);
            scene.Clock.Advance(TimeSpan.FromSeconds(2));
            await SupplyScene.UntilAsync(() => stopping.IsCompleted);
        }
        finally
        {
            await scene.LetGoOfPipeAsync();
        }

        await stopping;
        Assert.Contains("could not be written: the disk has not answered within 2 s.", Assert.Single(scene.Logs.WithId(4122)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Begins_nothing_after_its_end()
    {
        var scene = await SupplyScene.StartedAsync(Text);
        await scene.DisposeAsync();

        scene.Reload(static options => options.RecordNames = [SupplyScene.Other]);
        scene.Refresher.Dispose();
        await scene.StopAsync();

        Assert.Equal(1, scene.Resolver.Calls);
    }

    [Fact]
    public async Task Begins_nothing_before_its_start()
    {
        await using var scene = new SupplyScene();

        scene.Reload(static _ => { });

        Assert.Empty(scene.Refresher.Status);
        Assert.Empty(scene.Clock.ArmedTimers);
    }

    [Fact]
    public async Task Never_ends_in_silence()
    {
        BrokenTimers? timers = null;
        await using var scene = new SupplyScene(time: clock => timers = new BrokenTimers(clock));
        scene.Resolver.Answer(SupplyScene.Name, Text);
        await scene.StartAsync();
        await scene.AsleepAsync();

        timers!.AreBroken = true;
        scene.Clock.Advance(scene.Clock.ArmedTimers[0]);
        await SupplyScene.UntilAsync(() => scene.Status.HasStopped);

        Assert.Equal("no timers left", scene.Status.LastError);
        Assert.Null(scene.Status.NextAttempt);
        Assert.Equal(SupplyScene.Admitted, scene.Verdict(Peer));
        await SupplyScene.UntilAsync(() => scene.Logs.WithId(4105).Any());
        Assert.Equal(LogLevel.Critical, Assert.Single(scene.Logs.WithId(4105)).Level);
        timers.AreBroken = false; // the end waits by a timer for the snapshot that may be being written
    }

    [Fact]
    public async Task Does_not_hold_up_the_start_when_it_ends_before_the_first_answer()
    {
        BrokenTimers? timers = null;
        await using var scene = new SupplyScene(time: clock => timers = new BrokenTimers(clock) { AreBroken = true });
        scene.Resolver.Answer(SupplyScene.Name, Text);

        await scene.StartAsync();

        Assert.True(scene.Status.HasStopped);
        timers!.AreBroken = false; // the end waits by a timer for the snapshot that may be being written
    }
}
