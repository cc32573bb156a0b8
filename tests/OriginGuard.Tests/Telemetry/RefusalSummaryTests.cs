using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using OriginGuard.Telemetry;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Telemetry;

public sealed class RefusalSummaryTests
{
    [Fact]
    public async Task A_flood_of_refusals_makes_one_warning_a_minute_and_loses_no_count()
    {
        await using var app = await GuardedApp.StartAsync();

        for (var minute = 0; minute < 3; minute++)
        {
            for (var i = 0; i < 100; i++)
            {
                await app.SendAsync(GuardedApp.Stranger);
            }

            app.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var warnings = app.Logs.Entries.Where(entry => entry.Level >= LogLevel.Warning && entry.Id.Id is 4012 or 4013).ToList();
        Assert.Equal(4, warnings.Count);
        Assert.Equal(4012, warnings[0].Id.Id);
        Assert.Contains("203.0.113.66", warnings[0].Message, StringComparison.Ordinal);
        Assert.Contains("docs/troubleshooting.md#address-outside-ranges", warnings[0].Message, StringComparison.Ordinal);
        Assert.Equal(["99", "100", "100"], warnings.Skip(1).Select(entry => entry.Message.Split(' ')[0]));
        Assert.Equal(300, app.Logs.WithId(4011).Count());
    }

    [Fact]
    public async Task A_minute_without_refusals_ends_the_summaries_also_after_a_flood()
    {
        await using var app = await GuardedApp.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await app.SendAsync(GuardedApp.Stranger);
        }

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.SendAsync(GuardedApp.Stranger);

        Assert.Equal([4012, 4013, 4012], app.Logs.Entries.Select(entry => entry.Id.Id).Where(id => id is 4012 or 4013));
        Assert.StartsWith("2 more", Assert.Single(app.Logs.WithId(4013)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_quiet_minute_the_next_refusal_is_a_first_one_again()
    {
        await using var app = await GuardedApp.StartAsync();

        await app.SendAsync(GuardedApp.Stranger);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.SendAsync(GuardedApp.Stranger);

        Assert.Equal(2, app.Logs.WithId(4012).Count());
        Assert.Empty(app.Logs.WithId(4013));
    }

    /// <summary>As a logger does whose provider has: an event log without room, for example.</summary>
    [Fact]
    public void A_log_that_throws_ends_neither_the_summaries_nor_the_process()
    {
        var clock = new ManualTimeProvider();
        var logger = new ThrowingLogger();
        using var refusals = new RequestRefusals(clock, logger);
        var verdict = OriginVerdict.Because(RefusalReason.SecretMissing);

        Assert.Throws<AggregateException>(() => refusals.Add(verdict, null, enforced: true));
        refusals.Add(verdict, null, enforced: true);
        clock.Advance(TimeSpan.FromMinutes(1));
        refusals.Add(verdict, null, enforced: true);
        clock.Advance(TimeSpan.FromMinutes(1));
        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(["FirstNotAdmitted", "NotAdmittedSummary", "NotAdmittedSummary"], logger.Written);
        Assert.Throws<AggregateException>(() => refusals.Add(verdict, null, enforced: true)); // a first one again
    }

    [Fact]
    public async Task Each_reason_has_its_own_summary()
    {
        await using var app = await GuardedApp.StartAsync();

        await app.SendAsync(GuardedApp.Stranger);
        await app.SendAsync(GuardedApp.LoadBalancer);
        await app.SendAsync(null);

        Assert.Equal(3, app.Logs.WithId(4012).Count());
        Assert.Contains("peer (no address) was refused", app.Logs.WithId(4012).Last().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_requests_own_activity_carries_verdict_and_reason()
    {
        using var activity = new Activity("request").Start();
        activity.IsAllDataRequested = true;
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: app =>
        {
            app.Use(next => context =>
            {
                context.Features.Set<IHttpActivityFeature>(new ActivityOfRequest(activity));
                return next(context);
            });
            app.UseOriginGuard();
            app.Run(context => context.Response.WriteAsync("inside"));
        });

        await app.SendAsync(GuardedApp.LoadBalancer);

        Assert.Equal("refused", activity.GetTagItem("originguard.verdict"));
        Assert.Equal("secret.missing", activity.GetTagItem("originguard.reason"));
    }

    private sealed class ActivityOfRequest(Activity activity) : IHttpActivityFeature
    {
        public Activity Activity { get; set; } = activity;
    }

    private sealed class ThrowingLogger : ILogger<RequestRefusals>
    {
        public List<string?> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Written.Add(eventId.Name);
            throw new AggregateException(new IOException("no space left"));
        }
    }
}
