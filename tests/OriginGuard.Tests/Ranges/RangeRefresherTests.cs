using Microsoft.Extensions.Logging;
using OriginGuard.Ranges;
using Xunit;

namespace OriginGuard.Tests.Ranges;

public class RangeRefresherTests
{
    private const string Peer = "34.96.1.1";
    private const string Stranger = "203.0.114.1";
    private const string Text = "v=spf1 ip4:34.96.0.0/20 ip4:34.127.192.0/18 ~all";

    [Fact]
    public async Task Puts_the_answer_in_force_and_logs_what_is_new()
    {
        await using var scene = await SupplyScene.StartedAsync(Text);

        Assert.Equal(SupplyScene.Admitted, scene.Verdict(Peer));
        Assert.Equal(SupplyScene.Refused, scene.Verdict(Stranger));
        Assert.Equal(RangeOrigin.Dns, scene.Origin);
        Assert.Equal(1, scene.Refreshes("changed"));
        var log = Assert.Single(scene.Logs.WithId(4101));
        Assert.Equal(LogLevel.Information, log.Level);
        Assert.Contains("Added: 34.96.0.0/20, 34.127.192.0/18. Removed: none.", log.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_what_a_changed_record_adds_and_removes()
    {
        await using var scene = await SupplyScene.StartedAsync(Text);
        scene.Resolver.Answer(SupplyScene.Name, "v=spf1 ip4:34.96.0.0/20 ip4:35.1.0.0/16 ~all");

        await scene.NextAsync();

        Assert.Contains("Added: 35.1.0.0/16. Removed: 34.127.192.0/18.", scene.Logs.WithId(4101).Last().Message, StringComparison.Ordinal);
        Assert.Equal(SupplyScene.Refused, scene.Verdict("34.127.192.1"));
        Assert.Equal(SupplyScene.Admitted, scene.Verdict("35.1.0.1"));
        Assert.Equal(2, scene.Refreshes("changed"));
    }

    [Fact]
    public async Task Takes_an_answer_that_takes_nearly_everything_away_and_warns_of_it()
    {
        await using var scene = await SupplyScene.StartedAsync("v=spf1 ip4:34.96.0.0/20 ip4:34.127.192.0/18 ~all");
        scene.Resolver.Answer(SupplyScene.Name, "v=spf1 ip4:34.96.0.1 -all");
        await scene.NextAsync();

        Assert.Equal((SupplyScene.Admitted, SupplyScene.Refused), (scene.Verdict("34.96.0.1"), scene.Verdict("34.127.192.1")));
        Assert.Equal([LogLevel.Information, LogLevel.Warning], scene.Logs.WithId(4101).Select(static entry => entry.Level));
    }

    [Fact]
    public async Task Names_twenty_networks_of_a_long_difference_and_counts_the_rest()
    {
        await using var scene = await SupplyScene.StartedAsync($"v=spf1 {string.Join(' ', Enumerable.Range(0, 25).Select(i => $"ip4:34.96.{i}.0/24"))}");

        Assert.Contains("34.96.19.0/24 and 5 more. Removed: none", Assert.Single(scene.Logs.WithId(4101)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_whole_and_aloud_what_has_grown_far_beyond_what_is_in_force()
    {
        await using var scene = await SupplyScene.StartedAsync(Text);
        scene.Resolver.Answer(SupplyScene.Name, "v=spf1 ip4:34.0.0.0/10 ~all");

        await scene.NextAsync();

        Assert.Equal(SupplyScene.Refused, scene.Verdict("34.1.1.1"));
        Assert.Equal(SupplyScene.Admitted, scene.Verdict(Peer));
        var log = Assert.Single(scene.Logs.WithId(4103));
        Assert.Equal(LogLevel.Warning, log.Level);
        Assert.Contains("4194304 addresses of IPv4 where 20480 are in force; at most 16 times as many are taken at once", log.Message, StringComparison.Ordinal);
    }

    /// <summary>An edit that was wrong, or one forged answer, may be mended as soon as it is: what was in force until then is nothing new.</summary>
    [Fact]
    public async Task Takes_back_as_much_as_had_gone_and_no_more()
    {
        await using var scene = await SupplyScene.StartedAsync("v=spf1 ip4:34.96.0.0/14 -all");
        foreach (var (answer, isTaken) in new[] { ("34.96.0.1", true), ("34.96.0.2", true), ("34.96.0.0/13", false), ("34.96.0.0/14", true) })
        {
            scene.Resolver.Answer(SupplyScene.Name, $"v=spf1 ip4:{answer} -all");
            await scene.NextAsync();

            Assert.True(isTaken == scene.Status.LastError is null, answer);
        }

        Assert.Equal(SupplyScene.Admitted, scene.Verdict("34.99.1.1"));
        Assert.Contains("where 1 are in force", Assert.Single(scene.Logs.WithId(4103)).Message, StringComparison.Ordinal);
    }

    /// <summary>What is remembered of a forged answer must not make room for a wider one.</summary>
    [Fact]
    public async Task An_answer_that_was_corrected_is_no_step_to_a_larger_one()
    {
        await using var scene = await SupplyScene.StartedAsync("v=spf1 ip4:34.96.0.0/14 -all");
        foreach (var (answer, isTaken) in new[] { ("35.64.0.0/10", true), ("34.96.0.0/14", true), ("36.0.0.0/9", false) })
        {
            scene.Resolver.Answer(SupplyScene.Name, $"v=spf1 ip4:{answer} -all");
            await scene.NextAsync();

            Assert.True(isTaken == scene.Status.LastError is null, answer);
        }
    }

    [Fact]
    public async Task Does_not_take_back_what_has_been_gone_for_too_long()
    {
        await using var scene = await SupplyScene.StartedAsync("v=spf1 ip4:34.96.0.0/14 -all", static options => options.MaxAge = TimeSpan.FromHours(1));
        scene.Resolver.Answer(SupplyScene.Name, "v=spf1 ip4:34.96.0.1 -all");
        for (var end = scene.Clock.GetUtcNow() + TimeSpan.FromHours(2); scene.Clock.GetUtcNow() < end;)
        {
            await scene.NextAsync();
        }

        scene.Resolver.Answer(SupplyScene.Name, "v=spf1 ip4:34.96.0.0/14 -all");
        await scene.NextAsync();

        Assert.NotNull(scene.Status.LastError);
        Assert.Equal(SupplyScene.Refused, scene.Verdict("34.99.1.1"));
    }

    [Fact]
    public async Task Takes_what_has_grown_when_nothing_usable_is_left_to_compare_it_with()
    {
        await using var scene = await SupplyScene.StartedAsync(Text, static options => options.MaxAge = TimeSpan.FromHours(1));
        scene.Resolver.Answer(SupplyScene.Name, "v=spf1 ip4:34.0.0.0/10 ~all");

        while (scene.Verdict(Peer) == SupplyScene.Admitted && scene.Verdict("34.1.1.1") != SupplyScene.Admitted)
        {
            await scene.NextAsync();
        }

        Assert.Equal(SupplyScene.Admitted, scene.Verdict("34.1.1.1"));
        Assert.NotEmpty(scene.Logs.WithId(4103));
    }

    [Fact]
    public async Task Says_nothing_above_debug_while_nothing_changes()
    {
        await using var scene = await SupplyScene.StartedAsync(Text);

        await scene.NextAsync();

        Assert.Equal(LogLevel.Debug, Assert.Single(scene.Logs.WithId(4102)).Level);
        Assert.Equal(1, scene.Refreshes("unchanged"));
        Assert.Null(scene.Status.LastError);
    }

    [Fact]
    public async Task Keeps_the_last_known_good_ranges_when_dns_answers_nothing()
    {
        await using var scene = await SupplyScene.StartedAsync(Text);
        scene.Fail();

        await scene.NextAsync();

        Assert.Equal(SupplyScene.Admitted, scene.Verdict(Peer));
        Assert.Equal(SupplyScene.Refused, scene.Verdict(Stranger));
        Assert.Equal(1, scene.Refreshes("failed"));
        Assert.Contains("bad mood", scene.Status.LastError, StringComparison.Ordinal);
        var log = Assert.Single(scene.Logs.WithId(4103));
        Assert.Equal(LogLevel.Warning, log.Level);
        Assert.Contains("Keeping 2 ranges (dns) loaded 00:0", log.Message, StringComparison.Ordinal);
        Assert.Equal(2, log.Message.Split(SupplyScene.Name).Length);
    }

    [Theory]
    [InlineData("another text")]
    [InlineData("v=spf1 -all")]
    [InlineData("v=spf1 ip4:0.0.0.0/0")]
    [InlineData("v=spf1 ip4:34.96.0.0/20 ip4:10.0.0.0/8")]
    [InlineData("v=spf1 ip4:34.96.0.0/33")]
    [InlineData("v=spf1 include:" + SupplyScene.Name)]
    [InlineData("v=spf1 ip4:34.96.0.0/20", "v=spf1 ip4:34.97.0.0/20")]
    public async Task Keeps_the_last_known_good_ranges_when_the_answer_is_refused(params string[] texts)
    {
        await using var scene = await SupplyScene.StartedAsync(Text);
        scene.Resolver.Answer(SupplyScene.Name, texts);

        await scene.NextAsync();

        Assert.Equal(SupplyScene.Admitted, scene.Verdict("34.127.192.1"));
        Assert.Equal(SupplyScene.Refused, scene.Verdict("10.0.0.1"));
        Assert.Equal(1, scene.Refreshes("failed"));
    }

    [Fact]
    public async Task Warns_of_the_first_failures_and_then_of_ever_fewer()
    {
        await using var scene = await SupplyScene.StartedAsync(Text);
        scene.Fail();

        for (var failure = 0; failure < 9; failure++)
        {
            await scene.NextAsync();
        }

        Assert.Equal([1, 2, 4, 8], scene.Logs.WithId(4103).Index().Where(entry => entry.Item.Level is LogLevel.Warning).Select(entry => entry.Index + 1));
        Assert.Equal(9, scene.Logs.WithId(4103).Count());
    }

    [Fact]
    public async Task Says_that_dns_answers_again()
    {
        await using var scene = await SupplyScene.StartedAsync(Text);
        scene.Fail();
        await scene.NextAsync();
        scene.Resolver.Answer(SupplyScene.Name, Text);

        await scene.NextAsync();

        Assert.Equal(LogLevel.Information, Assert.Single(scene.Logs.WithId(4102)).Level);
        Assert.Null(scene.Status.LastError);
    }

    [Fact]
    public async Task Tries_every_few_seconds_until_the_first_success()
    {
        await using var scene = new SupplyScene();
        scene.Fail();
        await scene.StartAsync();

        List<TimeSpan> sleeps = [];
        for (var failure = 0; failure < 12; failure++)
        {
            sleeps.Add(await scene.NextAsync());
        }

        Assert.All(sleeps, sleep => Assert.InRange(sleep, TimeSpan.FromSeconds(0.375), TimeSpan.FromSeconds(4)));
        Assert.All(sleeps[4..], sleep => Assert.InRange(sleep, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4)));
        Assert.Equal(LogLevel.Error, scene.Logs.WithId(4104).First().Level);

        scene.Resolver.Answer(SupplyScene.Name, Text);
        await scene.NextAsync();
        Assert.Equal(SupplyScene.Admitted, scene.Verdict(Peer));
        Assert.InRange(scene.Clock.ArmedTimers[0], TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(6));
    }

    [Fact]
    public async Task Keeps_each_record_on_its_own()
    {
        await using var scene = new SupplyScene(options => options.RecordNames = [SupplyScene.Name, SupplyScene.Other]);
        scene.Resolver.Answer(SupplyScene.Name, Text).Answer(SupplyScene.Other, "v=spf1 ip4:10.0.0.0/8");
        await scene.StartAsync();

        Assert.Equal(SupplyScene.Admitted, scene.Verdict(Peer));
        Assert.Equal(SupplyScene.Undetermined, scene.Verdict(Stranger));
        Assert.Contains("10.0.0.0/8", Assert.Single(scene.Refresher.Status, record => record.LastError is not null).LastError, StringComparison.Ordinal);

        scene.Resolver.Answer(SupplyScene.Other, "v=spf1 ip4:35.1.0.0/16");
        await scene.NextAsync();

        Assert.Equal((SupplyScene.Admitted, SupplyScene.Admitted, SupplyScene.Refused), (scene.Verdict(Peer), scene.Verdict("35.1.0.1"), scene.Verdict(Stranger)));
    }

    [Fact]
    public async Task Takes_what_a_resolver_throws_for_a_failed_refresh()
    {
        await using var scene = await SupplyScene.StartedAsync(Text);
        scene.Resolver.Answer(SupplyScene.Name, _ => throw new InvalidTimeZoneException("no such\nluck"));

        await scene.NextAsync();

        Assert.Equal(SupplyScene.Admitted, scene.Verdict(Peer));
        Assert.Contains("InvalidTimeZoneException: no such?luck", scene.Status.LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Gives_up_a_resolver_that_forgets_to_answer(bool blocksItsThread)
    {
        await using var scene = await SupplyScene.StartedAsync(Text);
        using var gate = new ManualResetEventSlim();
        scene.Resolver.Gate = (_, _) =>
        {
            if (blocksItsThread)
            {
                gate.Wait(CancellationToken.None);
            }

            return blocksItsThread ? Task.CompletedTask : new TaskCompletionSource().Task;
        };
        scene.Clock.Advance(scene.Clock.ArmedTimers[0]);
        await SupplyScene.UntilAsync(() => scene.Resolver.Calls == 2);

        scene.Clock.Advance(TimeSpan.FromMinutes(5));
        await scene.AsleepAsync();
        gate.Set();

        Assert.Contains("no answer within 00:05:00", scene.Status.LastError, StringComparison.Ordinal);
        Assert.Equal(SupplyScene.Admitted, scene.Verdict(Peer));
    }

    [Fact]
    public async Task A_resolver_that_blocks_holds_one_thread()
    {
        await using var scene = await SupplyScene.StartedAsync(Text);
        using var gate = new ManualResetEventSlim();
        scene.Resolver.Gate = (_, _) =>
        {
            gate.Wait(CancellationToken.None);
            return Task.CompletedTask;
        };
        scene.Clock.Advance(scene.Clock.ArmedTimers[0]);
        await SupplyScene.UntilAsync(() => scene.Resolver.Calls == 2);
        scene.Clock.Advance(TimeSpan.FromMinutes(5));
        await scene.AsleepAsync();

        var askedAt = scene.Status.LastAttempt;
        scene.Clock.Advance(scene.Clock.ArmedTimers[0]);
        await SupplyScene.UntilAsync(() => scene.Clock.ArmedTimers.Contains(TimeSpan.FromMinutes(5)));
        for (var yields = 0; yields < 1000 && scene.Resolver.Calls == 2; yields++)
        {
            await Task.Yield(); // whatever else would ask comes to its turn
        }

        scene.Clock.Advance(TimeSpan.FromMinutes(5));
        await scene.AsleepAsync();
        var calls = scene.Resolver.Calls;
        gate.Set();

        Assert.Equal(2, calls);
        Assert.True(scene.Status.LastAttempt > askedAt);
        Assert.Contains("no answer within 00:05:00", scene.Status.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Measures_the_networks_in_force_and_the_age_of_the_oldest()
    {
        await using var scene = await SupplyScene.StartedAsync(Text);
        scene.Clock.Advance(TimeSpan.FromSeconds(42));

        scene.Metrics.Observe();

        Assert.Equal(2, scene.Metrics.Sum("originguard.ranges.networks"));
        Assert.Equal(42, scene.Metrics.Sum("originguard.ranges.age"));
    }
}
