using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Ranges;
using OriginGuard.Startup;
using OriginGuard.Surroundings;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using OriginGuard.Tests.Iap;
using OriginGuard.Tests.Ranges;
using Xunit;

namespace OriginGuard.Tests.Surroundings;

/// <summary>An application whose tests stop its clock: the guard goes on.</summary>
public sealed class GuardClockTests
{
    private readonly ManualTimeProvider _guard = new();
    private readonly ManualTimeProvider _application = new(new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void The_guard_goes_by_the_clock_of_the_system_whatever_the_application_registers()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_application);
        services.AddOriginGuard(static options => options.SharedSecret.Secrets = [GuardedApp.Secret]);
        using var provider = services.BuildServiceProvider();

        Assert.Same(TimeProvider.System, provider.GetRequiredService<GuardClock>().Time);
        Assert.Same(TimeProvider.System, provider.GetRequiredService<CurrentRanges>().Time);
        _ = provider.GetRequiredService<Supply>();
        Assert.Empty(_application.ArmedTimers);
    }

    [Fact]
    public async Task A_clock_that_stands_still_hangs_neither_the_start_nor_the_refreshing()
    {
        await using var dns = LoopbackDnsServer.Start();
        dns.Behave(LoopbackDnsBehavior.Silent);
        dns.SetTxt("ranges.example", "v=spf1 ip4:34.96.0.0/20");
        var starting = GuardedApp.StartAsync(
            GuardedApp.Settings(
                ("SourceAddress:RecordNames", null), ("SourceAddress:RecordNames:0", "ranges.example"), ("SourceAddress:Networks:0", null),
                ("SourceAddress:Networks:1", null), ("Dns:Servers:0", $"{dns.EndPoint}")).Where(static setting => setting.Value is not null).ToDictionary(),
            WithTwoClocks);
        for (var question = 1; question <= 6; question++)
        {
            await dns.WaitForQueriesAsync(question, TestContext.Current.CancellationToken);
            _guard.Advance(TimeSpan.FromSeconds(1)); // half of an attempt: over TCP, then over UDP
        }

        await using var app = await starting;
        Assert.Equal(503, (await SendAsync(app)).Response.StatusCode);

        dns.Behave(LoopbackDnsBehavior.Answer);
        await SupplyScene.UntilAsync(() =>
        {
            if (SupplyScene.SleepOf(app.Services.GetRequiredService<RangeRefresher>(), _guard) is { } sleep && !app.Logs.WithId(4101).Any())
            {
                _guard.Advance(sleep);
            }

            return app.Logs.WithId(4101).Any();
        });

        Assert.Equal(200, (await SendAsync(app)).Response.StatusCode);
        Assert.Equal(0, _application.GetTimestamp());
    }

    [Fact]
    public async Task The_times_of_an_assertion_are_judged_by_the_applications_clock_alone()
    {
        using var issuer = new IapAssertionIssuer(_application);
        using var keys = new ScriptedKeyHandler(() => issuer.KeySet);
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Settings(("Iap:Audiences:0", IapWorld.Audience)), services => WithTwoClocks(services.AddSingleton<IHttpClientFactory>(keys)));
        await SupplyScene.UntilAsync(() => app.Logs.WithId(4501).Any());
        var assertion = issuer.Issue(IapWorld.Audience);

        Assert.Equal(200, (await SendAsync(app, assertion)).Response.StatusCode);
        _guard.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(200, (await SendAsync(app, assertion)).Response.StatusCode);
        _application.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(403, (await SendAsync(app, assertion)).Response.StatusCode);
    }

    private static Task<Microsoft.AspNetCore.Http.HttpContext> SendAsync(GuardedApp app, string? assertion = null) => app.SendAsync(GuardedApp.LoadBalancer, request =>
    {
        request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
        request.Headers[IapDefaults.AssertionHeader] = assertion;
    });

    private void WithTwoClocks(IServiceCollection services) => services.AddSingleton<TimeProvider>(_application).AddSingleton(new GuardClock(_guard));
}
