using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OriginGuard.Ranges;
using Xunit;

namespace OriginGuard.Tests.Ranges;

public class StandInRangesTests
{
    private const string Peer = "34.96.1.1";
    private const string Text = "v=spf1 ip4:34.96.0.0/20 ip4:35.1.0.0/16 ~all";

    [Fact]
    public async Task Starts_from_the_snapshot_when_dns_is_dead()
    {
        await using var first = await SupplyScene.StartedAsync(Text);
        await first.StopAsync();
        first.Clock.Advance(TimeSpan.FromHours(3));

        await using var second = new SupplyScene(options => options.UseBuiltInRanges = true, first);
        second.Fail();
        await second.StartAsync();

        Assert.Equal(RangeOrigin.Snapshot, second.Origin);
        Assert.Equal(SupplyScene.Admitted, second.Verdict("35.1.0.1"));
        Assert.Equal(SupplyScene.Refused, second.Verdict("34.127.192.1"));
        Assert.Equal(TimeSpan.FromHours(3), second.Ranges.Record(SupplyScene.Name)!.Age(second.Clock));
        Assert.Contains("2 networks loaded 03:00:00 ago", Assert.Single(second.Logs.WithId(4111)).Message, StringComparison.Ordinal);
        Assert.Contains("Keeping 2 ranges (snapshot)", Assert.Single(second.Logs.WithId(4103)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starts_from_the_built_in_ranges_when_there_is_no_snapshot_either()
    {
        await using var scene = new SupplyScene(options => options.UseBuiltInRanges = true);
        scene.Fail();
        await scene.StartAsync();

        Assert.Equal(RangeOrigin.BuiltIn, scene.Origin);
        Assert.Equal((SupplyScene.Admitted, SupplyScene.Admitted), (scene.Verdict(Peer), scene.Verdict("34.127.192.1")));
        Assert.Equal(SupplyScene.Refused, scene.Verdict("34.97.0.1"));
        Assert.Contains($"{BuiltInRanges.DocumentedOn:yyyy-MM-dd}", Assert.Single(scene.Logs.WithId(4112)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cannot_tell_when_nothing_is_at_hand()
    {
        await using var scene = new SupplyScene();
        scene.Fail();
        await scene.StartAsync();

        Assert.Equal(RangeOrigin.None, scene.Origin);
        Assert.Equal(SupplyScene.Undetermined, scene.Verdict(Peer));
        Assert.Contains("503", Assert.Single(scene.Logs.WithId(4104)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Has_built_in_ranges_for_the_record_of_google_and_for_no_other()
    {
        await using var scene = new SupplyScene(options => (options.RecordNames, options.UseBuiltInRanges) = ([SupplyScene.Other], true));
        scene.Fail(SupplyScene.Other);
        await scene.StartAsync();

        Assert.Equal(SupplyScene.Undetermined, scene.Verdict(Peer));
    }

    [Fact]
    public async Task Does_not_start_from_built_in_ranges_that_the_configuration_forbids()
    {
        await using var scene = new SupplyScene(options => (options.MinPrefixLengthV4, options.UseBuiltInRanges) = (24, true));
        scene.Fail();
        await scene.StartAsync();

        Assert.Equal(SupplyScene.Undetermined, scene.Verdict(Peer));
    }

    [Fact]
    public async Task Gives_way_to_the_first_answer()
    {
        await using var scene = new SupplyScene(options => options.UseBuiltInRanges = true);
        scene.Fail();
        await scene.StartAsync();
        scene.Resolver.Answer(SupplyScene.Name, Text);

        await scene.NextAsync();

        Assert.Equal(RangeOrigin.Dns, scene.Origin);
        Assert.Equal(SupplyScene.Refused, scene.Verdict("34.127.192.1"));
    }

    [Fact]
    public async Task Tries_every_few_seconds_while_something_stands_in()
    {
        await using var scene = new SupplyScene(options => options.UseBuiltInRanges = true);
        scene.Fail();
        await scene.StartAsync();

        for (var failure = 0; failure < 8; failure++)
        {
            Assert.InRange(await scene.NextAsync(), TimeSpan.Zero, TimeSpan.FromSeconds(4));
        }
    }

    [Fact]
    public async Task Never_replaces_what_came_from_dns_meanwhile()
    {
        await using var scene = await SupplyScene.StartedAsync(Text);
        var answered = scene.Ranges.Record(SupplyScene.Name)!;
        var nothing = scene.Ranges.NewPart(SupplyScene.Name, [], RangeOrigin.None);

        Assert.False(scene.Ranges.TryReplace(nothing, scene.Ranges.NewPart(SupplyScene.Name, BuiltInRanges.Networks, RangeOrigin.BuiltIn)));
        Assert.Same(answered, scene.Ranges.Record(SupplyScene.Name));
    }

    [Fact]
    public async Task Asks_dns_without_the_snapshot_when_the_disk_hangs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A pipe that nobody writes to is how a file hangs on Linux.");
        await using var scene = new SupplyScene();
        await MakeThePipeAsync(scene);
        scene.Resolver.Answer(SupplyScene.Name, Text);
        var starting = scene.StartAsync();
        await scene.Clock.WaitForTimersAsync(1, TestContext.Current.CancellationToken);
        Assert.Equal(0, scene.Resolver.Calls);
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await starting;

        // Before anything is asserted: what waits for the pipe would never end.
        var verdict = scene.Verdict(Peer);
        await scene.LetGoOfPipeAsync();

        Assert.Equal(SupplyScene.Admitted, verdict);
        Assert.Equal(LogLevel.Warning, Assert.Single(scene.Logs.WithId(4108)).Level);
    }

    /// <summary>What was asked for while the disk hung, and has been taken out of the configuration since, is not put in force when it answers.</summary>
    [Fact]
    public async Task A_snapshot_that_is_not_configured_any_more_when_the_disk_answers_is_not_used()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A pipe that nobody writes to is how a file hangs on Linux.");
        await using var before = await SupplyScene.StartedAsync(Text);
        await before.StopAsync();
        var former = Path.Combine(before.Folder, "former.snapshot");
        File.Move(before.SnapshotPath, former);
        await MakeThePipeAsync(before);
        await using var scene = new SupplyScene(before: before);
        scene.Fail();
        var starting = scene.StartAsync();
        await SupplyScene.UntilAsync(() => scene.Clock.ArmedTimers.Count > 0);
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await starting;

        scene.Reload(options => options.SnapshotPath = former);
        scene.Reload(static options => options.SnapshotPath = null);
        await scene.LetGoOfPipeAsync();
        await scene.Refresher.WhenSaved;

        Assert.Equal(RangeOrigin.None, scene.Origin);
        scene.Reload(options => options.SnapshotPath = former);
        await scene.Refresher.WhenSaved;
        Assert.Equal(RangeOrigin.Snapshot, scene.Origin); // it would have served
    }

    /// <summary>An outage of the network takes both away: the mount, and DNS.</summary>
    [Fact]
    public async Task Starts_from_the_built_in_ranges_when_the_disk_hangs_and_dns_is_dead()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A pipe that nobody writes to is how a file hangs on Linux.");
        await using var scene = new SupplyScene(static options => options.UseBuiltInRanges = true);
        await MakeThePipeAsync(scene);
        scene.Fail();
        var starting = scene.StartAsync();
        await scene.Clock.WaitForTimersAsync(1, TestContext.Current.CancellationToken);
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await starting;

        // Before anything is asserted: what waits for the pipe would never end.
        var (origin, verdict) = (scene.Origin, scene.Verdict(Peer));
        await scene.LetGoOfPipeAsync();

        Assert.Equal((RangeOrigin.BuiltIn, SupplyScene.Admitted), (origin, verdict));
    }

    [Fact]
    public async Task A_snapshot_that_is_read_late_takes_the_place_of_what_is_built_in()
    {
        await using var first = await SupplyScene.StartedAsync(Text);
        await first.StopAsync();
        await using var second = new SupplyScene(static options => options.UseBuiltInRanges = true, first);
        second.Ranges.Use(second.Ranges.Prepare(second.Options));

        ((IRecordSupply)second.Refresher).StandInWithoutDisk(SupplyScene.Name);
        Assert.Equal(RangeOrigin.BuiltIn, second.Origin);
        second.Fail();
        await second.StartAsync();

        Assert.Equal(RangeOrigin.Snapshot, second.Origin);
    }

    [Fact]
    public async Task Reads_all_records_before_it_writes_any()
    {
        await using var first = new SupplyScene(static options => options.RecordNames = [SupplyScene.Name, SupplyScene.Other]);
        first.Resolver.Answer(SupplyScene.Name, Text).Answer(SupplyScene.Other, "v=spf1 ip4:36.1.0.0/16");
        await first.StartAsync();
        await first.StopAsync();

        await using var second = new SupplyScene(static options => options.RecordNames = [SupplyScene.Name, SupplyScene.Other], first);
        second.Resolver.Answer(SupplyScene.Name, Text);
        second.Fail(SupplyScene.Other);
        await second.StartAsync();
        await second.StopAsync();

        await using var third = new SupplyScene(static options => options.RecordNames = [SupplyScene.Name, SupplyScene.Other], first);
        third.Fail();
        third.Fail(SupplyScene.Other);
        await third.StartAsync();

        Assert.Equal((SupplyScene.Admitted, SupplyScene.Admitted), (third.Verdict(Peer), third.Verdict("36.1.0.1")));
    }

    private static async Task MakeThePipeAsync(SupplyScene scene)
    {
        using var makePipe = Process.Start("mkfifo", scene.SnapshotPath);
        await makePipe.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
