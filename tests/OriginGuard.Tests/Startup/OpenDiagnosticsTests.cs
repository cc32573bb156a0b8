using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Guard;
using OriginGuard.Startup;
using OriginGuard.TestKit;
using OriginGuard.Tests.Diagnostics;
using Xunit;

namespace OriginGuard.Tests.Startup;

public sealed class OpenDiagnosticsTests
{
    public static TheoryData<string, Action<IEndpointConventionBuilder>, bool> Endpoints => new()
    {
        { "as they are", static _ => { }, true },
        { "with a policy", static endpoint => endpoint.RequireAuthorization(static policy => policy.RequireClaim("email")), false },
        { "with an attribute", static endpoint => endpoint.RequireAuthorization(), false },
        { "for anybody after all", static endpoint => endpoint.RequireAuthorization().AllowAnonymous(), true },
    };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Diagnostics_that_every_visitor_may_read_are_pointed_out(string what, Action<IEndpointConventionBuilder> convention, bool expected)
    {
        await using var app = await StartAsync(convention: convention);

        Assert.True(expected == IsPointedOut(app), what);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task A_policy_for_everything_is_one_for_them_unless_they_are_for_anybody(bool isForAnybody, bool expected)
    {
        await using var app = await StartAsync(
            static services => services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()),
            endpoint => _ = isForAnybody ? endpoint.AllowAnonymous() : endpoint);

        Assert.Equal(expected, IsPointedOut(app));
    }

    [Theory]
    [InlineData("Enforce", "false", false)]
    [InlineData("Enforce", "true", true)]
    [InlineData("ReportOnly", "false", true)]
    public async Task Iap_that_enforces_is_authorization_enough_unless_it_lets_everybody_in(string mode, string allowAnonymous, bool expected)
    {
        await using var app = await DiagnosedApp.StartAsync(("Iap:Mode", mode), ("Iap:AllowAnonymous", allowAnonymous));

        Assert.Equal(expected, IsPointedOut(app.App));
    }

    [Fact]
    public async Task Without_a_host_or_authorization_the_endpoints_alone_are_looked_at()
    {
        await using var app = await GuardedApp.StartAsync();
        await using var nothing = new ServiceCollection().BuildServiceProvider();
        var plan = app.Services.GetRequiredService<GuardPlans>().Current;
        var open = new RouteEndpoint(static _ => Task.CompletedTask, RoutePatternFactory.Parse("/ops"), 0, null, OpenDiagnostics.EndpointName);

        Assert.StartsWith("/ops shows the guard's set-up", Assert.Single(OpenDiagnostics.Find(plan, [open], nothing)), StringComparison.Ordinal);
        Assert.Empty(OpenDiagnostics.Find(plan, [open], null));
        Assert.Empty(ServerLimits.Find(new OriginGuardOptions { Platform = OriginPlatform.InternetNeg }, isBehindIis: false, null));
        Assert.Empty(ServerLimits.Find(new OriginGuardOptions { Platform = OriginPlatform.InternetNeg }, isBehindIis: false, nothing));
    }

    private static bool IsPointedOut(GuardedApp app) =>
        app.Logs.WithId(4007).Any(static line => line.Message.StartsWith("/_originguard shows the guard's set-up", StringComparison.Ordinal));

    private static Task<GuardedApp> StartAsync(Action<IServiceCollection>? services = null, Action<IEndpointConventionBuilder>? convention = null) => GuardedApp.StartAsync(
        GuardedApp.Settings(), collection =>
        {
            collection.AddAuthorization();
            services?.Invoke(collection);
        }, app =>
        {
            app.UseOriginGuard();
            app.UseAuthorization();
            var diagnostics = app.MapOriginGuardDiagnostics();
            convention?.Invoke(diagnostics);
        });
}
