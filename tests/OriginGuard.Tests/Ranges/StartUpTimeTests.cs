using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OriginGuard.Ranges;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Ranges;

public class StartUpTimeTests
{
    [Fact]
    public async Task A_dead_dns_delays_the_start_by_timeout_times_attempts_and_no_longer()
    {
        var clock = new ManualTimeProvider();
        await using var dns = LoopbackDnsServer.Start();
        dns.Behave(LoopbackDnsBehavior.Silent);
        var starting = StartAsync(clock, ("Dns:Servers:0", $"{dns.EndPoint}"));
        for (var attempt = 1; attempt <= 6; attempt++)
        {
            await dns.WaitForQueriesAsync(attempt, TestContext.Current.CancellationToken);
            Assert.False(starting.IsCompleted);
            clock.Advance(TimeSpan.FromSeconds(1)); // of each attempt, TCP has the first half and UDP the second
        }

        await using var app = await starting;

        Assert.Equal(TimeSpan.FromSeconds(6).Ticks, clock.GetTimestamp());
        Assert.Equal(200, (await SendAsync(app)).Response.StatusCode);
        Assert.Single(app.Logs.WithId(4112));
    }

    [Fact]
    public async Task A_dead_dns_without_anything_at_hand_starts_an_application_that_answers_503()
    {
        var clock = new ManualTimeProvider();
        await using var dns = LoopbackDnsServer.Start();
        dns.Behave(LoopbackDnsBehavior.ServerFailure);
        await using var app = await StartAsync(clock, ("Dns:Servers:0", $"{dns.EndPoint}"), ("SourceAddress:UseBuiltInRanges", "false"));

        Assert.Equal(0, clock.GetTimestamp());
        Assert.Equal(503, (await SendAsync(app)).Response.StatusCode);
    }

    [Fact]
    public async Task A_dns_that_recovers_is_noticed_within_twelve_seconds()
    {
        var clock = new ManualTimeProvider();
        await using var dns = LoopbackDnsServer.StartUdpOnly();
        dns.SetTxt(SourceAddressOptions.GoogleRecordName, "v=spf1 ip4:34.96.0.0/20");
        dns.Behave(LoopbackDnsBehavior.Silent);
        var starting = StartAsync(clock, ("Dns:Servers:0", $"{dns.EndPoint}"), ("SourceAddress:UseBuiltInRanges", "false"));
        var asked = 0;

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await AskedAsync();
            clock.Advance(TimeSpan.FromSeconds(2));
        }

        await using var app = await starting;
        await AskedAsync();

        // A quarter of an hour of silence, at the end of which the retries are as rare as they get. DNS recovers at the worst moment: the last
        // attempt of a resolution has just been lost.
        while (clock.GetTimestamp() < TimeSpan.FromMinutes(15).Ticks || asked % 3 != 0)
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            await AskedAsync();
        }

        dns.Behave(LoopbackDnsBehavior.Answer);
        var recovered = clock.GetTimestamp();
        clock.Advance(TimeSpan.FromSeconds(2));
        await AskedAsync();
        await SupplyScene.UntilAsync(() => app.Logs.WithId(4101).Any());

        Assert.InRange(TimeSpan.FromTicks(clock.GetTimestamp() - recovered), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6));
        Assert.Equal(200, (await SendAsync(app)).Response.StatusCode);

        async Task AskedAsync()
        {
            asked++;
            var started = starting.IsCompleted ? await starting : null;
            await SupplyScene.UntilAsync(() =>
            {
                // The sleep first, then the count: whoever sleeps after an answer has asked for it, and that sleep is not to be cut short.
                var sleep = started is null ? null : SupplyScene.SleepOf(started.Services.GetRequiredService<RangeRefresher>(), clock);
                if (dns.QueryCount >= asked)
                {
                    return true;
                }

                if (sleep is { } left)
                {
                    clock.Advance(left);
                }

                return false;
            });
        }
    }

    [Fact]
    public async Task The_application_starts_after_a_bounded_wait_whatever_keeps_the_resolver_busy()
    {
        var clock = new ManualTimeProvider();
        var resolver = new ScriptedTxtResolver { Gate = static (_, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken) };
        var starting = GuardedApp.StartAsync(Settings(), services => services.AddSingleton<TimeProvider>(clock).AddSingleton<ITxtResolver>(resolver));
        await SupplyScene.UntilAsync(() => resolver.Calls == 1 && clock.ArmedTimers.Contains(TimeSpan.FromSeconds(6.5)));

        clock.Advance(TimeSpan.FromSeconds(6.5) - TimeSpan.FromTicks(1));
        Assert.False(starting.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));
        await using var app = await starting;

        Assert.Equal(LogLevel.Warning, Assert.Single(app.Logs.WithId(4005)).Level);
        Assert.Equal(200, (await SendAsync(app)).Response.StatusCode);
    }

    [Fact]
    public async Task A_guard_that_is_disabled_asks_nobody_until_a_reload_enables_it()
    {
        var resolver = new ScriptedTxtResolver().Answer(SourceAddressOptions.GoogleRecordName, "v=spf1 ip4:34.96.0.0/20");
        await using var app = await GuardedApp.StartAsync(Settings(("Mode", "Disabled")), services => services.AddSingleton<ITxtResolver>(resolver));
        Assert.Equal(0, resolver.Calls);
        Assert.Equal(200, (await app.SendAsync(GuardedApp.Stranger)).Response.StatusCode);

        app.Reload(("Mode", "Enforce"));
        await SupplyScene.UntilAsync(() => app.Logs.WithId(4101).Any());

        Assert.Equal((200, 403), ((await SendAsync(app)).Response.StatusCode, (await app.SendAsync(GuardedApp.Stranger)).Response.StatusCode));

        app.Reload(("Mode", "Disabled"));
        Assert.InRange(app.Logs.WithId(4004).Count(), 2, int.MaxValue);
    }

    private static Dictionary<string, string?> Settings(params (string Key, string? Value)[] more) =>
        GuardedApp.Settings([("SourceAddress:RecordNames", null), ("SourceAddress:Networks:0", null), ("SourceAddress:Networks:1", null), .. more])
            .Where(static setting => setting.Value is not null).ToDictionary();

    private static Task<GuardedApp> StartAsync(ManualTimeProvider clock, params (string Key, string? Value)[] more) =>
        GuardedApp.StartAsync(Settings(more), services => services.AddSingleton<TimeProvider>(clock));

    private static Task<Microsoft.AspNetCore.Http.HttpContext> SendAsync(GuardedApp app) =>
        app.SendAsync(GuardedApp.LoadBalancer, static request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);
}
