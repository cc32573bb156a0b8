using OriginGuard.Arming;
using Xunit;

namespace OriginGuard.Tests.Arming;

/// <summary>When the guard is said to be ready, and when not.</summary>
public sealed class ArmingReportTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task Nothing_is_known_before_a_request_was_admitted()
    {
        await using var world = new ArmingWorld();
        world.Clock.Advance(3 * Day);

        Assert.Equal(("unproven", null), (world.Report.Verdict, world.Report.ReadySince));
        Assert.Equal("Not ready: since 2026-01-01 00:00 UTC no request was admitted by every layer, so that nothing is known of your own traffic.", world.Report.Summary);
    }

    [Fact]
    public async Task A_day_of_watching_without_anybody_but_strangers_makes_it_ready()
    {
        await using var world = new ArmingWorld();
        world.Admit(2);
        world.Meet(CallerKind.Stranger, "192.0.2.8", "/", RefusalReason.AddressOutsideRanges);
        world.Clock.Advance(Day - TimeSpan.FromSeconds(1));
        Assert.Equal("watching", world.Report.Verdict);
        Assert.Equal("Not ready yet: in 23 hours of watching, in which 2 requests were admitted, nobody but strangers would have been refused. Watch for a day.", world.Report.Summary);

        world.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(("ready", world.Clock.GetUtcNow() - Day), (world.Report.Verdict, world.Report.ReadySince));
        Assert.StartsWith("Ready to enforce since 2026-01-01 00:00 UTC: in 24 hours of watching, in which 2 requests were admitted,", world.Report.Summary, StringComparison.Ordinal);
        Assert.Empty(world.Report.Breaks);
    }

    [Fact]
    public async Task A_process_that_is_down_watches_nothing()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        world.Admit();
        world.Clock.Advance(TimeSpan.FromHours(5));
        await world.StopAsync();
        world.Clock.Advance(10 * Day);
        await world.RestartAsync(inOrder: false);
        Assert.Equal("watching", world.Report.Verdict);

        world.Clock.Advance(TimeSpan.FromHours(19));

        Assert.Equal("ready", world.Report.Verdict);
    }

    [Fact]
    public async Task Whoever_came_last_a_day_ago_is_named_as_somebody_to_look_after()
    {
        await using var world = new ArmingWorld();
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/metrics", RefusalReason.SecretMissing);
        world.Admit();
        world.Clock.Advance(Day - TimeSpan.FromSeconds(1));
        Assert.Equal(("breaks", "Not ready: 1 caller would be refused that may belong here."), (world.Report.Verdict, world.Report.Summary));

        world.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("ready", world.Report.Verdict);
        Assert.Equal("A machine of a private network", Assert.Single(world.Report.Earlier).Who);
    }

    [Theory]
    [InlineData(nameof(CallerKind.OwnNetwork), "10.1.2.3", "10.1.2.3")]
    [InlineData(nameof(CallerKind.OwnNetwork), "10.1.2.3", "10.1.9.3")]
    [InlineData(nameof(CallerKind.GoogleWithoutSecret), "34.96.1.1", "34.127.192.1")]
    public async Task A_weekly_job_stands_against_it_for_two_weeks_wherever_it_runs(string kind, string first, string second)
    {
        await using var world = new ArmingWorld();
        world.Meet(Enum.Parse<CallerKind>(kind), first, "/backup", RefusalReason.SecretMissing);
        world.Clock.Advance(7 * Day);
        world.Meet(Enum.Parse<CallerKind>(kind), second, "/backup", RefusalReason.SecretMissing);
        world.Admit();

        world.Clock.Advance((14 * Day) - TimeSpan.FromSeconds(1));
        Assert.Equal("breaks", world.Report.Verdict);
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("ready", world.Report.Verdict);
    }

    [Fact]
    public async Task A_clock_that_is_put_back_hides_nobody()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();

        world.Clock.SetWallClock(-TimeSpan.FromHours(1));
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/metrics", RefusalReason.SecretMissing);

        Assert.Equal("breaks", world.Report.Verdict);
    }

    [Fact]
    public async Task Other_settings_mend_who_broke_and_prove_everything_anew()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/metrics", RefusalReason.SecretMissing);
        world.Admit();
        world.Clock.Advance(TimeSpan.FromHours(1));

        world.Exempt("/metrics");
        Assert.Equal("unproven", world.Report.Verdict);
        world.Admit();
        world.Clock.Advance(Day);

        Assert.Equal("ready", world.Report.Verdict);
        Assert.Single(world.Report.Earlier);
    }

    /// <summary>What mended one caller says nothing about another, who comes again when nobody looks.</summary>
    [Fact]
    public async Task Other_settings_do_not_make_ready_while_somebody_is_due_who_comes_rarely()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/backup", RefusalReason.SecretMissing);
        world.Clock.Advance(7 * Day);
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/backup", RefusalReason.SecretMissing);
        world.Clock.Advance(TimeSpan.FromHours(1));

        world.Exempt("/metrics");
        world.Admit();
        world.Clock.Advance(Day);

        Assert.Equal("watching", world.Report.Verdict);
        Assert.StartsWith("Not ready yet: 1 caller that does not come every day came before the settings changed, and may be due.", world.Report.Summary, StringComparison.Ordinal);
        Assert.Single(world.Report.Earlier);

        world.Clock.Advance(13 * Day);
        Assert.Equal("ready", world.Report.Verdict);
        Assert.Single(world.Report.Earlier);
    }

    /// <summary>Who came every day, and comes no more as he did, has been mended.</summary>
    [Fact]
    public async Task Other_settings_make_ready_in_a_day_what_a_daily_caller_had_kept_back()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        for (var half = 0; half < 5; half++)
        {
            world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/healthz", RefusalReason.SecretMissing);
            world.Clock.Advance(Day / 2);
        }

        world.Exempt("/healthz");
        world.Admit();
        world.Clock.Advance(Day);

        Assert.Equal("ready", world.Report.Verdict);
    }

    [Fact]
    public async Task A_mode_and_a_path_are_no_other_settings()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        world.Admit();
        world.Clock.Advance(Day);

        (world.Options.Mode, world.Options.SourceAddress.Mode, world.Options.SourceAddress.SnapshotPath) = (LayerMode.Enforce, LayerMode.ReportOnly, "/elsewhere");
        world.Use();

        Assert.Equal("ready", world.Report.Verdict);
    }

    [Fact]
    public async Task What_the_guard_itself_had_not_is_counted_and_names_nobody()
    {
        await using var world = new ArmingWorld();
        world.Admit();
        world.Clock.Advance(2 * Day);
        world.Meet(CallerKind.LoadBalancer, "34.96.1.1", "/", RefusalReason.IapKeysUnavailable);

        Assert.Equal(("unproven", 1), (world.Report.Verdict, world.Report.Undetermined));
        Assert.Empty(world.Report.Breaks);
    }

    [Fact]
    public async Task A_monitor_is_one_caller_whatever_its_networks_and_this_machine_has_none()
    {
        await using var world = new ArmingWorld();
        foreach (var peer in new[] { "198.51.100.7", "203.0.113.9", "2001:db8:1:2::3" })
        {
            world.Meet(CallerKind.NamedAgent, peer, "/", RefusalReason.SecretMissing);
        }

        world.Meet(CallerKind.ThisMachine, "::1", "/", RefusalReason.SecretMissing);

        Assert.Equal([["198.51.100.0/24", "203.0.113.0/24", "2001:db8:1::/48"], ["this machine"]], world.Report.Breaks.Select(static caller => caller.Networks));
    }

    [Fact]
    public async Task What_the_guard_had_not_is_no_reason_beside_others()
    {
        await using var world = new ArmingWorld();
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/", RefusalReason.SecretMissing, RefusalReason.IapKeysUnavailable);

        Assert.Equal(["secret.missing"], Assert.Single(world.Report.Breaks).Reasons);
        Assert.Equal(0, world.Report.Undetermined);
    }

    [Fact]
    public async Task A_stranger_is_steady_on_the_second_day_and_from_ten_requests_on()
    {
        await using var world = new ArmingWorld();
        Knock(8);
        world.Clock.Advance(Day);
        Knock(1);
        Assert.Empty(world.Report.Strangers.Steady);
        Knock(1);
        Assert.Equal(10, Assert.Single(world.Report.Strangers.Steady).Reported);

        await using var burst = new ArmingWorld();
        for (var i = 0; i < 50; i++)
        {
            burst.Meet(CallerKind.Stranger, "192.0.2.8", "/hooks/{id}", RefusalReason.SecretMissing);
        }

        Assert.Empty(burst.Report.Strangers.Steady);

        void Knock(int times)
        {
            for (var i = 0; i < times; i++)
            {
                world.Meet(CallerKind.Stranger, "192.0.2.8", "/hooks/{id}", RefusalReason.SecretMissing);
            }
        }
    }

    [Fact]
    public async Task A_stranger_whose_count_may_be_that_of_others_is_not_steady()
    {
        await using var world = new ArmingWorld();
        world.Meet(CallerKind.Stranger, "192.0.2.8", "/", RefusalReason.SecretMissing);
        var state = world.Account.Read();
        CallerState Counted(long overcount) => state.Callers[0] with { Days = 2, Refused = 20, Reported = 0, OvercountAtMost = overcount };

        Assert.Single(ArmingReport.Of(state with { Callers = [Counted(19)] }).Strangers.Steady);
        Assert.Empty(ArmingReport.Of(state with { Callers = [Counted(20)] }).Strangers.Steady);
    }

    [Fact]
    public void A_caller_prints_itself()
    {
        // A record prints its properties; one that gives a record of its own kind would print without an end, and end the process.
        var met = new Encounter(CallerKind.OwnNetwork, null, ReasonSet.Of([RefusalReason.SecretMissing]), System.Net.IPAddress.Parse("10.1.2.3"), null, IsEnforced: true);

        Assert.Contains("10.1.2.0/24", CallerKey.Of(met, "/").ToString(), StringComparison.Ordinal);
        Assert.Contains("OwnNetwork", met.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_forged_names_displaces_callers_at_a_bounded_rate()
    {
        await using var world = new ArmingWorld();
        Flood(0, CallerTable.Most + 200 + 300);
        Assert.DoesNotContain(world.Account.Read().Callers, static caller => caller.Network == "11.2.51.0/24");

        world.Clock.Advance(TimeSpan.FromSeconds(1));
        Flood(563, 564);

        Assert.Contains(world.Account.Read().Callers, static caller => caller.Network == "11.2.51.0/24");

        void Flood(int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                world.Meet(CallerKind.NamedAgent, $"11.{i / 256}.{i % 256}.1", "/", RefusalReason.SecretMissing);
            }
        }
    }

    [Fact]
    public async Task A_clock_that_is_put_back_makes_nobody_younger()
    {
        await using var world = new ArmingWorld();
        world.Clock.Advance(Day);
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/", RefusalReason.SecretMissing);
        var last = world.Report.Breaks[0].LastSeen;
        world.Clock.SetWallClock(-TimeSpan.FromHours(5));
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/", RefusalReason.SecretMissing);

        Assert.Equal((last, 2), (world.Report.Breaks[0].LastSeen, world.Report.Breaks[0].Reported));
    }
}
