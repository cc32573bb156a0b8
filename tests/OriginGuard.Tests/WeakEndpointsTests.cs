using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests;

public sealed class WeakEndpointsTests
{
    [Theory]
    [InlineData("/healthz")]
    [InlineData("/health/")]
    [InlineData("readyz")]
    public async Task A_health_endpoint_without_exemption_is_pointed_out_at_the_start(string pattern)
    {
        await using var app = await StartAsync(pipeline => pipeline.MapGet(pattern, static () => "alive"));

        Assert.Contains($"/{pattern.Trim('/')} looks like a health endpoint", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_checks_are_recognised_whatever_their_path()
    {
        await using var app = await StartAsync(static pipeline => pipeline.MapHealthChecks("/internal/state"));

        Assert.Contains("/internal/state looks like", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exempted_health_endpoint_is_not()
    {
        await using var app = await StartAsync(
            static pipeline =>
            {
                pipeline.MapHealthChecks("/healthz").AllowDirectAccess();
                pipeline.MapGet("/livez", static () => "alive");
                pipeline.MapGet("/health-of-fish", static () => "an ordinary page");
            },
            ("Exemptions:0:Path", "/livez"));

        Assert.Empty(app.Logs.WithId(4007));
    }

    [Fact]
    public async Task A_reload_that_takes_the_exemption_away_is_pointed_out()
    {
        await using var app = await StartAsync(static pipeline => pipeline.MapGet("/livez", static () => "alive"), ("Exemptions:0:Path", "/livez"));

        app.Reload(("Exemptions:0:Path", "/elsewhere"));

        Assert.Contains("/livez", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_weakness_that_goes_and_comes_back_is_pointed_out_again_and_one_that_stays_is_not()
    {
        await using var app = await StartAsync(static pipeline => pipeline.MapGet("/livez", static () => "alive"));

        app.Reload(("Exemptions:0:Path", "/livez"));
        Assert.Single(app.Logs.WithId(4007));
        app.Reload(("Exemptions:0:Path", "/elsewhere"));
        app.Reload(("Exemptions:0:Path", "/elsewhere-again"));

        Assert.Equal(2, app.Logs.WithId(4007).Count());
    }

    [Theory]
    [InlineData(ResponseCacheLocation.Any, 60, true)]
    [InlineData(ResponseCacheLocation.Client, 60, false)]
    [InlineData(ResponseCacheLocation.Any, 0, false)]
    public void An_answer_for_shared_caches_is_pointed_out_where_iap_is_on(ResponseCacheLocation location, int duration, bool expected)
    {
        var options = new OriginGuardOptions { Iap = { Audiences = ["/projects/1/apps/x"] } };

        Assert.Equal(expected, WeakEndpoints.Find(options, [News(location, duration)]).Any(static warning => warning.StartsWith("/news", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_answer_for_shared_caches_is_nobodys_business_without_iap() =>
        Assert.Empty(WeakEndpoints.Find(new OriginGuardOptions(), [News(ResponseCacheLocation.Any, 60)]));

    [Fact]
    public async Task A_guard_that_was_registered_and_not_used_is_pointed_out()
    {
        await using var unguarded = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: static app => app.Run(static context => context.Response.WriteAsync("open")));
        await using var guarded = await StartAsync(static _ => { });

        Assert.Contains("UseOriginGuard was not", Assert.Single(unguarded.Logs.WithId(4009)).Message, StringComparison.Ordinal);
        Assert.Empty(guarded.Logs.WithId(4009));
    }

    private static RouteEndpoint News(ResponseCacheLocation location, int duration) => new(
        static _ => Task.CompletedTask, RoutePatternFactory.Parse("/news"), 0, new EndpointMetadataCollection(new ResponseCacheAttribute { Location = location, Duration = duration }), "news");

    private static Task<GuardedApp> StartAsync(Action<WebApplication> endpoints, params (string Key, string? Value)[] more) => GuardedApp.StartAsync(
        GuardedApp.Settings(more), static services => services.AddHealthChecks(), app =>
        {
            app.UseOriginGuard();
            endpoints(app);
        });
}
