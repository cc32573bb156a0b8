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

    [Fact]
    public void Where_nothing_comes_nothing_is_told()
    {
        var secrets = new PlannedSecrets(new SharedSecretOptions());
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        secrets.Take(["the-new-secret-0000", "the-old-secret-0000"], start);
        secrets.Ring.CountMatch(0);
        secrets.Look(start);

        Assert.StartsWith("The first secret is seen", Rotation.Of(secrets, start + TimeSpan.FromMinutes(9))!.Says, StringComparison.Ordinal);
        Assert.Equal("silent", Rotation.Of(secrets, start + TimeSpan.FromMinutes(10))!.Step);
        Assert.StartsWith("No request has come with a secret for 10 minutes", Rotation.Of(secrets, start + TimeSpan.FromMinutes(10))!.Says, StringComparison.Ordinal);
        secrets.Ring.CountMatch(0);
        secrets.Look(start + TimeSpan.FromMinutes(11));
        Assert.Contains("take it out", Rotation.Of(secrets, start + TimeSpan.FromMinutes(11))!.Says, StringComparison.Ordinal);

        // Other secrets: what was seen of those before says nothing of them, also before the next look.
        secrets.Take(["the-newest-secret-0", "the-new-secret-0000"], start + TimeSpan.FromMinutes(11));
        Assert.StartsWith("The first secret has not been seen yet", Rotation.Of(secrets, start + TimeSpan.FromMinutes(11))!.Says, StringComparison.Ordinal);
        Assert.All(secrets.Uses, static use => Assert.Equal(default, use));
    }

    [Fact]
    public void A_clock_that_was_set_back_makes_the_wait_longer_and_never_shorter()
    {
        var secrets = new PlannedSecrets(new SharedSecretOptions());
        var start = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        secrets.Take(["the-new-secret-0000", "the-old-secret-0000"], start);
        Assert.Null(secrets.FirstSeen);
        secrets.Ring.CountMatch(0);
        secrets.Look(start - TimeSpan.FromMinutes(10));
        Assert.Equal(start - TimeSpan.FromMinutes(10), secrets.FirstSeen);
        secrets.Ring.CountMatch(0);
        secrets.Look(start + TimeSpan.FromMinutes(4));

        Assert.EndsWith("Wait 5 more minutes before you take one out.", Rotation.Of(secrets, start + TimeSpan.FromMinutes(5))!.Says, StringComparison.Ordinal);
    }

    [Fact]
    public void After_ten_minutes_to_the_second_nothing_is_waited_for_any_more()
    {
        var secrets = new PlannedSecrets(new SharedSecretOptions());
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        secrets.Take(["the-new-secret-0000", "the-old-secret-0000", "the-oldest-secret-0"], start);
        See(0, 1, 2);
        Assert.StartsWith("Slot 1 and slot 2 is still sent", Rotation.Of(secrets, start)!.Says, StringComparison.Ordinal);

        start += Rotation.Quiet;
        See(0);

        Assert.Equal(Rotation.Remove, Rotation.Of(secrets, start)!.Step);
        Assert.Equal("keep", Rotation.Of(secrets, start - TimeSpan.FromTicks(1))!.Step);

        void See(params int[] slots)
        {
            foreach (var slot in slots)
            {
                secrets.Ring.CountMatch(slot);
            }

            secrets.Look(start);
        }
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
        Assert.Equal((start, start.AddMinutes(1), 1), (after.ChangedAt, after.FirstSeen, after.Uses[0].Matches));

        Assert.True(after.Take(["the-old-secret-0000", "the-new-secret-0000"], start.AddMinutes(2)));
        Assert.Equal((start.AddMinutes(2), null, 0), (after.ChangedAt, after.FirstSeen, after.Uses[0].Matches));
    }

    [Fact]
    public async Task A_new_secret_in_front_begins_the_account_anew()
    {
        await using var app = await DiagnosedApp.StartAsync(("SharedSecret:Secrets:1", GuardedApp.PreviousSecret));
        await app.ReadAsync();
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
