using Microsoft.Extensions.Logging;
using OriginGuard.Ranges;
using Xunit;

namespace OriginGuard.Tests.Ranges;

public class MaxAgeTests
{
    private const string Peer = "34.96.1.1";
    private const string Stranger = "203.0.114.1";
    private const string Text = "v=spf1 ip4:34.96.0.0/20 ~all";

    [Fact]
    public async Task Trusts_ranges_up_to_their_age_limit_and_not_a_moment_longer()
    {
        await using var scene = await SupplyScene.StartedAsync(Text);
        scene.Resolver.Gate = static (_, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

        scene.Clock.Advance(scene.Options.MaxAge - TimeSpan.FromTicks(1));
        Assert.Equal((SupplyScene.Admitted, SupplyScene.Refused), (scene.Verdict(Peer), scene.Verdict(Stranger)));

        scene.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal((SupplyScene.Undetermined, SupplyScene.Undetermined), (scene.Verdict(Peer), scene.Verdict(Stranger)));
    }

    [Fact]
    public async Task Brings_back_neither_snapshot_nor_built_in_ranges()
    {
        await using var scene = await SupplyScene.StartedAsync(Text, static options => options.UseBuiltInRanges = true);
        await scene.NextAsync();
        scene.Fail();
        await ExpireAsync(scene);
        var questions = scene.Resolver.Calls;

        scene.Reload(static _ => { });
        await scene.AsleepAsync(questions + 1);

        Assert.Equal((SupplyScene.Undetermined, RangeOrigin.Dns), (scene.Verdict(Peer), scene.Origin));
    }

    [Fact]
    public async Task Says_so_the_first_time_whatever_the_number_of_failures()
    {
        await using var scene = await SupplyScene.StartedAsync(Text, static options => options.MaxAge = TimeSpan.FromMinutes(30));
        scene.Fail();
        await ExpireAsync(scene);

        var first = scene.Logs.WithId(4106).First();
        Assert.Equal(LogLevel.Error, first.Level);
        Assert.Contains("too old to trust", first.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tries_every_few_seconds_once_the_ranges_are_too_old()
    {
        await using var scene = await SupplyScene.StartedAsync(Text);
        scene.Fail();
        await ExpireAsync(scene);

        Assert.InRange(await scene.NextAsync(), TimeSpan.Zero, TimeSpan.FromSeconds(4));
        scene.Resolver.Answer(SupplyScene.Name, Text);
        await scene.NextAsync();

        Assert.Equal(SupplyScene.Admitted, scene.Verdict(Peer));
    }

    /// <summary>Failures come ever more rarely, and one of the pauses would reach over the moment in which the ranges expire.</summary>
    [Fact]
    public async Task Notices_within_a_second_that_the_ranges_are_too_old_however_long_the_pauses_are()
    {
        await using var scene = await SupplyScene.StartedAsync(Text, static options => options.MaxAge = TimeSpan.FromDays(3));
        scene.Fail();
        await ExpireAsync(scene);

        var age = scene.Ranges.Record(SupplyScene.Name)!.Age(scene.Clock);
        Assert.InRange(age, TimeSpan.FromDays(3), TimeSpan.FromDays(3) + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Counts_the_age_of_a_snapshot_from_its_answer_and_not_from_the_restart()
    {
        await using var first = await SupplyScene.StartedAsync(Text);
        await first.StopAsync();
        first.Clock.Advance(TimeSpan.FromDays(6));

        await using var second = new SupplyScene(before: first);
        second.Resolver.Gate = static (_, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        _ = second.StartAsync();
        await SupplyScene.UntilAsync(() => second.Origin is RangeOrigin.Snapshot);

        Assert.Equal(SupplyScene.Admitted, second.Verdict(Peer));
        second.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(SupplyScene.Undetermined, second.Verdict(Peer));
    }

    [Fact]
    public async Task Counts_the_age_of_built_in_ranges_from_the_start()
    {
        await using var scene = new SupplyScene(static options => options.UseBuiltInRanges = true);
        scene.Fail();
        await scene.StartAsync();
        scene.Resolver.Gate = static (_, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

        Assert.Equal(SupplyScene.Admitted, scene.Verdict(Peer));
        scene.Clock.Advance(scene.Options.MaxAge);
        Assert.Equal(SupplyScene.Undetermined, scene.Verdict(Peer));
    }

    [Theory]
    [InlineData(-3650)]
    [InlineData(3650)]
    public async Task Does_not_care_where_the_wall_clock_is_set(int days)
    {
        await using var scene = await SupplyScene.StartedAsync(Text);

        scene.Clock.SetWallClock(TimeSpan.FromDays(days));
        Assert.Equal(SupplyScene.Admitted, scene.Verdict(Peer));
        Assert.Equal(TimeSpan.Zero, scene.Ranges.Record(SupplyScene.Name)!.Age(scene.Clock));

        await scene.NextAsync();
        Assert.Equal(2, scene.Resolver.Calls);
    }

    [Fact]
    public async Task Leaves_the_configured_networks_alone_and_cannot_tell_about_the_rest()
    {
        await using var scene = await SupplyScene.StartedAsync(Text, static options => options.Networks = [System.Net.IPNetwork.Parse("36.0.0.0/16")]);
        scene.Fail();
        await ExpireAsync(scene);

        Assert.Equal((SupplyScene.Admitted, SupplyScene.Undetermined), (scene.Verdict("36.0.0.1"), scene.Verdict(Stranger)));
    }

    [Fact]
    public async Task Asks_before_short_lived_ranges_are_too_old()
    {
        await using var scene = await SupplyScene.StartedAsync(Text, static options => options.MaxAge = TimeSpan.FromSeconds(10));
        for (var refresh = 0; refresh < 5; refresh++)
        {
            await scene.NextAsync();
            Assert.Equal(SupplyScene.Admitted, scene.Verdict(Peer));
        }
    }

    /// <summary>Lets time pass, refresh by refresh, until the ranges are too old and a refresh has said so.</summary>
    private static async Task ExpireAsync(SupplyScene scene)
    {
        // A day between two tries in the end, so that a week takes few of them.
        (scene.Options.MinRefreshInterval, scene.Options.MaxRefreshInterval) = (TimeSpan.FromDays(1), TimeSpan.FromDays(1));
        while (!scene.Logs.WithId(4106).Any())
        {
            await scene.NextAsync();
        }
    }
}
