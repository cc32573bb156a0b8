using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using OriginGuard.Ranges;
using OriginGuard.TestKit;
using OriginGuard.Tests.Ranges;
using Xunit;

namespace OriginGuard.Tests.Diagnostics;

public class OriginGuardHealthCheckTests
{
    private const string Record = SourceAddressOptions.GoogleRecordName;
    private const string Text = "v=spf1 ip4:34.96.0.0/20 ip4:34.127.192.0/18";

    /// <summary>Added under a condition that the guard itself has not met: one check says so, and the others are asked all the same.</summary>
    [Fact]
    public async Task Is_unhealthy_where_there_is_no_guard_and_names_the_call_that_is_missing()
    {
        await using var services = new ServiceCollection().AddLogging().AddHealthChecks().AddOriginGuard().AddCheck("other", static () => HealthCheckResult.Healthy()).Services.BuildServiceProvider();

        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal((HealthStatus.Unhealthy, HealthStatus.Healthy), (report.Entries["originguard"].Status, report.Entries["other"].Status));
        Assert.Contains("services.AddOriginGuard(builder.Configuration) was not", report.Entries["originguard"].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_healthy_while_dns_answers_and_says_from_where_how_old_and_how_many()
    {
        var resolver = new ScriptedTxtResolver().Answer(Record, Text);
        await using var app = await StartAsync(resolver);
        await AsleepAsync(app);
        app.Clock.Advance(TimeSpan.FromSeconds(12));

        var report = await CheckAsync(app);

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal("The guard has what it needs.", report.Description);
        Assert.Equal("dns", report.Data["ranges.source"]);
        Assert.Equal(12L, report.Data["ranges.ageSeconds"]);
        Assert.Equal(2L, report.Data["ranges.networks"]);
        Assert.Equal("", report.Data[$"ranges.{Record}.lastError"]);
        Assert.StartsWith("2026-01-01T00:05:", Assert.IsType<string>(report.Data[$"ranges.{Record}.nextAttempt"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stays_healthy_through_a_failed_refresh_and_names_the_error()
    {
        var resolver = new ScriptedTxtResolver().Answer(Record, Text);
        await using var app = await StartAsync(resolver);
        var sleep = await AsleepAsync(app);
        resolver.Answer(Record, TxtAnswer.Failed(TxtError.Refused, "not for you"));
        app.Clock.Advance(sleep);
        await SupplyScene.UntilAsync(() => resolver.Calls == 2);
        await AsleepAsync(app);

        var report = await CheckAsync(app);

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Contains("not for you", Assert.IsType<string>(report.Data[$"ranges.{Record}.lastError"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_degraded_at_half_of_the_age_limit_and_unhealthy_at_the_limit()
    {
        var resolver = new ScriptedTxtResolver().Answer(Record, Text);
        await using var app = await StartAsync(resolver);
        await AsleepAsync(app);
        resolver.Gate = static (_, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        var half = TimeSpan.FromDays(3.5);

        app.Clock.Advance(half - TimeSpan.FromTicks(1));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(app)).Status);

        app.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(app)).Status);

        app.Clock.Advance(half);
        var report = await CheckAsync(app);
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Equal(("none", 0L), (report.Data["ranges.source"], report.Data["ranges.networks"]));
        Assert.Equal((long)TimeSpan.FromDays(7).TotalSeconds, report.Data["ranges.ageSeconds"]);
        Assert.Equal(503, (await app.SendAsync(GuardedApp.LoadBalancer)).Response.StatusCode);
    }

    [Fact]
    public async Task Is_degraded_while_built_in_ranges_stand_in()
    {
        await using var app = await StartAsync(new ScriptedTxtResolver());

        var report = await CheckAsync(app);

        Assert.Equal((HealthStatus.Degraded, "built-in"), (report.Status, report.Data["ranges.source"]));
    }

    [Fact]
    public async Task Is_degraded_while_a_snapshot_stands_in()
    {
        await using var first = await SupplyScene.StartedAsync(Text);
        await first.StopAsync();
        await using var app = await StartAsync(new ScriptedTxtResolver(), ("SourceAddress:SnapshotPath", first.SnapshotPath));

        var report = await CheckAsync(app);

        Assert.Equal((HealthStatus.Degraded, "snapshot"), (report.Status, report.Data["ranges.source"]));
        await app.StopAsync(); // its arming report lies in the folder of the snapshot
    }

    [Theory]
    [InlineData("Mode")]
    [InlineData("SourceAddress:Mode")]
    public async Task What_only_reports_takes_no_origin_out_of_service(string mode)
    {
        await using var app = await StartAsync(new ScriptedTxtResolver(), ("SourceAddress:UseBuiltInRanges", "false"), (mode, "ReportOnly"));

        var report = await CheckAsync(app);

        Assert.Equal((HealthStatus.Degraded, "none"), (report.Status, report.Data["ranges.source"]));
        Assert.Contains("There are no usable ranges", report.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_unhealthy_without_any_ranges()
    {
        await using var app = await StartAsync(new ScriptedTxtResolver(), ("SourceAddress:UseBuiltInRanges", "false"));

        var report = await CheckAsync(app);

        Assert.Equal((HealthStatus.Unhealthy, "none"), (report.Status, report.Data["ranges.source"]));
        Assert.Equal(0L, report.Data["ranges.networks"]);
    }

    [Fact]
    public async Task Is_degraded_while_one_record_of_several_has_no_ranges()
    {
        var resolver = new ScriptedTxtResolver().Answer(Record, Text);
        await using var app = await StartAsync(resolver, ("SourceAddress:RecordNames:0", Record), ("SourceAddress:RecordNames:1", "_more.example"));

        var report = await CheckAsync(app);

        Assert.Equal((HealthStatus.Degraded, "dns"), (report.Status, report.Data["ranges.source"]));
        Assert.Contains("A record has no usable ranges", report.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_healthy_with_nothing_but_configured_networks()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), static services => services.AddHealthChecks().AddOriginGuard());

        var report = await CheckAsync(app);

        Assert.Equal((HealthStatus.Healthy, "static", 0L), (report.Status, report.Data["ranges.source"], report.Data["ranges.ageSeconds"]));
    }

    [Fact]
    public async Task Has_nothing_to_say_while_the_guard_is_disabled()
    {
        await using var app = await StartAsync(new ScriptedTxtResolver(), ("Mode", "Disabled"));

        var report = await CheckAsync(app);

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Empty(report.Data);
    }

    [Fact]
    public async Task Is_unhealthy_when_a_refresh_has_ended_for_good()
    {
        var clock = new ManualTimeProvider();
        var timers = new BrokenTimers(clock);
        var resolver = new ScriptedTxtResolver().Answer(Record, Text);
        await using var app = await GuardedApp.StartAsync(new Dictionary<string, string?>(), services =>
            services.AddSingleton<ITxtResolver>(resolver).AddSingleton<TimeProvider>(timers).AddHealthChecks().AddOriginGuard());
        var sleep = await AsleepAsync(app, clock);

        timers.AreBroken = true;
        clock.Advance(sleep);
        await SupplyScene.UntilAsync(() => app.Logs.WithId(4105).Any());
        var report = await CheckAsync(app);

        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Contains($"The refreshing of {Record} has ended; restart the application.", report.Description, StringComparison.Ordinal);
        Assert.Equal("no timers left", report.Data[$"ranges.{Record}.lastError"]);
        Assert.Equal("", report.Data[$"ranges.{Record}.nextAttempt"]);
        Assert.Equal(200, (await app.SendAsync(GuardedApp.LoadBalancer)).Response.StatusCode);
    }

    [Fact]
    public void An_endpoint_can_choose_it_by_name_and_tags()
    {
        using var provider = new ServiceCollection().AddHealthChecks().AddOriginGuard("guard", ["ready"]).Services.BuildServiceProvider();

        var check = Assert.Single(provider.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations);
        Assert.Equal(("guard", "ready", HealthStatus.Unhealthy), (check.Name, Assert.Single(check.Tags), check.FailureStatus));
    }

    private static Task<GuardedApp> StartAsync(ScriptedTxtResolver resolver, params (string Key, string? Value)[] settings) => GuardedApp.StartAsync(
        settings.ToDictionary(static setting => $"OriginGuard:{setting.Key}", static setting => setting.Value),
        services => services.AddSingleton<ITxtResolver>(resolver).AddHealthChecks().AddOriginGuard());

    /// <summary>Waits until the only record's loop sleeps, and says for how long.</summary>
    private static async Task<TimeSpan> AsleepAsync(GuardedApp app, ManualTimeProvider? clock = null)
    {
        TimeSpan? sleep = null;
        await SupplyScene.UntilAsync(() => (sleep = SupplyScene.SleepOf(app.Services.GetRequiredService<RangeRefresher>(), clock ?? app.Clock)) is not null);
        return sleep!.Value;
    }

    private static async Task<HealthReportEntry> CheckAsync(GuardedApp app)
    {
        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        return report.Entries["originguard"];
    }
}
