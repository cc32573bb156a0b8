using OriginGuard.SharedSecret;
using OriginGuard.TestKit;
using OriginGuard.Tests.Diagnostics;
using Xunit;

namespace OriginGuard.Tests.SharedSecret;

/// <summary>The account of a rotation as the diagnostics give it, while the load balancer changes over.</summary>
public sealed class RotationTests
{
    [Fact]
    public async Task Says_step_by_step_what_is_seen_and_never_to_remove_what_is_still_sent()
    {
        await using var app = await DiagnosedApp.StartAsync(("SharedSecret:Secrets:1", GuardedApp.PreviousSecret));

        Assert.StartsWith("The first secret has not been seen yet.", await SaidAsync(app, GuardedApp.PreviousSecret), StringComparison.Ordinal);

        // The load balancer changes over, one front end after the other: for an hour both come.
        for (var minute = 0; minute < 60; minute++)
        {
            await app.ReadAsync(GuardedApp.PreviousSecret);
            app.Advance(TimeSpan.FromMinutes(1));
            Assert.StartsWith("Slot 1 is still sent: keep it.", await SaidAsync(app, GuardedApp.Secret), StringComparison.Ordinal);
        }

        app.Advance(TimeSpan.FromMinutes(8));
        Assert.DoesNotContain("take it out", await SaidAsync(app, GuardedApp.Secret), StringComparison.Ordinal);
        app.Advance(TimeSpan.FromMinutes(2));
        Assert.StartsWith("The first secret is seen, and no other one now. Wait for 20 more requests", await SaidAsync(app, GuardedApp.Secret), StringComparison.Ordinal);
        await ComeAsync(app, GuardedApp.Secret, Rotation.Proof);
        Assert.StartsWith("Slot 1 has not been seen for 10 minutes: take it out", await SaidAsync(app, GuardedApp.Secret), StringComparison.Ordinal);

        // A forgotten front end.
        await app.ReadAsync(GuardedApp.PreviousSecret);
        app.Advance(TimeSpan.FromSeconds(6));
        Assert.StartsWith("Slot 1 is still sent: keep it.", await SaidAsync(app, GuardedApp.Secret), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_first_secret_that_has_just_been_seen_is_no_reason_to_remove_the_other()
    {
        await using var app = await DiagnosedApp.StartAsync(("SharedSecret:Secrets:1", GuardedApp.PreviousSecret));
        app.Advance(TimeSpan.FromHours(1));
        await app.ReadAsync();
        app.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal("The first secret is seen, and no other one now. Wait 10 more minutes before you take one out.", await SaidAsync(app, GuardedApp.Secret));
    }

    /// <summary>The new one in a file stands behind the old one in the configuration, and the load balancer does not send it yet.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void What_never_came_may_be_the_new_one(int requests, bool expected)
    {
        var watched = new WatchedSecrets("the-first-secret-00", "the-other-secret-00");
        watched.See(1, requests);
        watched.Pass(TimeSpan.FromMinutes(20));
        watched.See(0, Rotation.Proof);
        watched.Pass(TimeSpan.FromMinutes(9));
        watched.See(0);
        watched.Pass(TimeSpan.FromMinutes(2));

        Assert.Equal(Rotation.Remove, watched.Rotation.Step);
        Assert.Equal(expected, watched.Rotation.Says.EndsWith(
            "Slot 1 has not come since this process has it: if it is your new secret, the load balancer does not send it yet, and it must stay.", StringComparison.Ordinal));
    }

    /// <summary>Two files between two rotations.</summary>
    [Fact]
    public void A_secret_that_stands_twice_is_one()
    {
        Assert.Null(new WatchedSecrets("the-secret-in-force", "the-secret-in-force").Rotation);

        var watched = new WatchedSecrets("the-secret-in-force", "the-secret-in-force", "the-old-secret-0000");
        watched.See(0);
        watched.See(2);

        Assert.StartsWith("Slot 2 is still sent", watched.Rotation.Says, StringComparison.Ordinal);
        Assert.Equal([false, true, false], Enumerable.Range(0, 3).Select(watched.Secrets.Ring.Repeats));
    }

    [Fact]
    public void Where_nothing_comes_nothing_is_told()
    {
        var watched = new WatchedSecrets("the-new-secret-0000", "the-old-secret-0000");
        watched.See(0, Rotation.Proof);

        watched.Pass(TimeSpan.FromMinutes(9));
        Assert.Equal("The first secret is seen, and no other one now. Wait 1 more minutes before you take one out.", watched.Rotation.Says);
        watched.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal("silent", watched.Rotation.Step);
        Assert.StartsWith("No request has come with a secret for 10 minutes", watched.Rotation.Says, StringComparison.Ordinal);
        watched.See(0);
        Assert.Contains("take it out", watched.Rotation.Says, StringComparison.Ordinal);

        // Other secrets: what was seen of those before says nothing of them, also before the next look.
        watched.Secrets.Take(["the-newest-secret-0", "the-new-secret-0000"], watched.Now);
        Assert.StartsWith("The first secret has not been seen yet", watched.Rotation.Says, StringComparison.Ordinal);
        Assert.All(watched.Secrets.Watch.Uses, static use => Assert.Equal(default, use));
    }

    /// <summary>Two back ends, of which one has the old secret, and hardly anybody comes: half of the requests bring it.</summary>
    [Fact]
    public void Whose_requests_come_now_and_then_is_not_forgotten_in_between()
    {
        var watched = new WatchedSecrets("the-new-secret-0000", "the-old-secret-0000");
        for (var round = 0; round < 30; round++)
        {
            watched.See(0);
            Assert.NotEqual(Rotation.Remove, watched.Rotation.Step);
            watched.Pass(TimeSpan.FromMinutes(15));
            watched.See(1);
            watched.Pass(TimeSpan.FromMinutes(15));
        }

        // It was changed over, too. Twice as long as it has ever been away.
        watched.See(0, Rotation.Proof);
        Assert.EndsWith("Wait 45 more minutes before you take one out.", watched.Rotation.Says, StringComparison.Ordinal);
        watched.Pass(TimeSpan.FromMinutes(45));
        watched.See(0);
        Assert.Equal(Rotation.Remove, watched.Rotation.Step);
    }

    /// <summary>The tool asks through the load balancer, so that each question brings the new secret.</summary>
    [Fact]
    public async Task Who_asks_again_and_again_proves_nothing()
    {
        await using var app = await DiagnosedApp.StartAsync(("SharedSecret:Secrets:1", GuardedApp.PreviousSecret));
        await ComeAsync(app, GuardedApp.PreviousSecret, 1);
        for (var half = 0; half < 120; half++)
        {
            Assert.DoesNotContain("take it out", await SaidAsync(app, GuardedApp.Secret), StringComparison.Ordinal);
            app.Advance(TimeSpan.FromSeconds(25));
        }

        Assert.StartsWith("The first secret is seen, and no other one now. Wait for 20 more requests", await SaidAsync(app, GuardedApp.Secret), StringComparison.Ordinal);
    }

    [Fact]
    public void What_came_before_another_secret_was_seen_proves_nothing()
    {
        var watched = new WatchedSecrets("the-new-secret-0000", "the-old-secret-0000");
        watched.See(0, 10 * Rotation.Proof);
        watched.See(1);
        watched.Pass(Rotation.Quiet - TimeSpan.FromSeconds(5));
        watched.See(0, Rotation.Proof - 1);
        watched.Pass(TimeSpan.FromSeconds(5));
        Assert.EndsWith("Wait for 1 more requests with it before you take one out.", watched.Rotation.Says, StringComparison.Ordinal);

        watched.See(0);

        Assert.Equal(Rotation.Remove, watched.Rotation.Step);
    }

    [Fact]
    public void A_clock_that_leaps_is_no_watching()
    {
        var watched = new WatchedSecrets("the-new-secret-0000", "the-old-secret-0000");
        watched.See(1);
        watched.See(0, Rotation.Proof);

        watched.Now += TimeSpan.FromHours(3);
        watched.See(0, Rotation.Proof);
        Assert.EndsWith("Wait 9 more minutes before you take one out.", watched.Rotation.Says, StringComparison.Ordinal);

        watched.Now -= TimeSpan.FromHours(3);
        watched.See(0, Rotation.Proof);
        Assert.NotEqual(Rotation.Remove, watched.Rotation.Step);
    }

    /// <summary>A machine that boots with a wrong clock: an old secret does not go on to be sent for as long as the clock was ahead.</summary>
    [Fact]
    public void A_clock_that_went_ahead_and_is_set_back_keeps_no_secret()
    {
        var watched = new WatchedSecrets("the-new-secret-0000", "the-old-secret-0000");
        watched.Now += TimeSpan.FromDays(1);
        watched.See(1);
        watched.See(0, Rotation.Proof);
        Assert.Equal("keep", watched.Rotation.Step);

        watched.Now -= TimeSpan.FromDays(1);
        watched.See(0);
        Assert.Equal("keep", watched.Rotation.Step);
        watched.Pass(Rotation.Quiet);
        watched.See(0, Rotation.Proof);

        Assert.Equal(Rotation.Remove, watched.Rotation.Step);
    }

    [Fact]
    public void After_ten_minutes_to_the_second_nothing_is_waited_for_any_more()
    {
        var watched = new WatchedSecrets("the-new-secret-0000", "the-old-secret-0000", "the-oldest-secret-0");
        watched.See(1);
        watched.See(2);
        watched.See(0, Rotation.Proof);
        Assert.StartsWith("Slot 1 and slot 2 is still sent", watched.Rotation.Says, StringComparison.Ordinal);

        watched.Pass(Rotation.Quiet - TimeSpan.FromSeconds(5));
        watched.See(0);
        Assert.Equal("keep", watched.Rotation.Step);
        watched.Pass(TimeSpan.FromSeconds(5));

        Assert.Equal(Rotation.Remove, watched.Rotation.Step);
    }

    [Fact]
    public void The_account_goes_over_to_a_configuration_with_the_same_secrets_and_begins_anew_with_others()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var (before, after) = (new PlannedSecrets(new SharedSecretOptions()), new PlannedSecrets(new SharedSecretOptions()));
        Assert.True(before.Take(["the-new-secret-0000", "the-old-secret-0000"], start));
        before.Ring.CountMatch(0);
        before.Look(start.AddMinutes(1));

        after.TakeOver(before);
        Assert.False(after.Take(["the-new-secret-0000", "the-old-secret-0000"], start.AddMinutes(2)));
        Assert.Same(before.Ring, after.Ring);
        Assert.Equal((start, before.Watch), (after.Watch.Since, after.Watch));
        Assert.Equal((1, TimeSpan.FromMinutes(1)), (after.Watch.Uses[0].Matches, after.Watch.FirstSeen));

        Assert.True(after.Take(["the-old-secret-0000", "the-new-secret-0000"], start.AddMinutes(2)));
        Assert.Equal((start.AddMinutes(2), null, 0), (after.Watch.Since, after.Watch.FirstSeen, after.Watch.Uses[0].Matches));
    }

    [Fact]
    public async Task A_new_secret_in_front_begins_the_account_anew()
    {
        await using var app = await DiagnosedApp.StartAsync(("SharedSecret:Secrets:1", GuardedApp.PreviousSecret));
        await ComeAsync(app, GuardedApp.Secret, Rotation.Proof);
        app.Advance(TimeSpan.FromMinutes(30));
        Assert.Contains("take it out", await SaidAsync(app, GuardedApp.Secret), StringComparison.Ordinal);

        app.App.Reload(("SharedSecret:Secrets:0", "correct-horse-battery-staple-0002"), ("SharedSecret:Secrets:1", GuardedApp.Secret));

        Assert.StartsWith("The first secret has not been seen yet.", await SaidAsync(app, GuardedApp.Secret), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_secret_is_no_rotation()
    {
        await using var app = await DiagnosedApp.StartAsync();

        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await app.ReadAsync()).GetProperty("sharedSecret").GetProperty("rotation").ValueKind);
    }

    [Fact]
    public void An_old_secret_is_quiet_for_as_long_as_the_load_balancer_takes() => Assert.Equal(TimeSpan.FromMinutes(10), Rotation.Quiet);

    /// <summary>Requests of the application's clients.</summary>
    private static async Task ComeAsync(DiagnosedApp app, string secret, int times)
    {
        using var client = app.Through(secret);
        for (var i = 0; i < times; i++)
        {
            Assert.Equal("inside", await DiagnosedApp.TextAsync(client, "/orders"));
        }
    }

    /// <summary>What is said after the next look, five seconds later, and a request with some secret before it.</summary>
    private static async Task<string?> SaidAsync(DiagnosedApp app, string secret)
    {
        await app.ReadAsync(secret);
        app.Advance(TimeSpan.FromSeconds(5));
        var secrets = (await app.ReadAsync(secret)).GetProperty("sharedSecret");
        var (says, step) = (secrets.GetProperty("rotation").GetString()!, secrets.GetProperty("rotationStep").GetString());
        Assert.Equal(says.Contains("take it out", StringComparison.Ordinal) ? "remove" : says.Contains("Wait", StringComparison.Ordinal) ? "wait" : says.Contains("not been seen yet", StringComparison.Ordinal) ? "install" : "keep", step);
        return says;
    }
}
