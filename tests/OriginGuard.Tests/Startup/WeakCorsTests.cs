using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Tests.Diagnostics;
using Xunit;

namespace OriginGuard.Tests.Startup;

public sealed class WeakCorsTests
{
    private const string Origin = "https://shop.example.com";

    public static TheoryData<string, Action<IServiceCollection>, Action<RouteHandlerBuilder>, string?, bool> SetUps => new()
    {
        { "a policy that UseCors names", static services => services.AddCors(Named), static _ => { }, null, true },
        { "the same, and reporting", static services => services.AddCors(Named), static _ => { }, "Iap:Mode=ReportOnly", true },
        { "a default policy", static services => services.AddCors(static cors => cors.AddDefaultPolicy(Shop)), static _ => { }, null, false },
        { "a policy that an endpoint names", static services => services.AddCors(Named), static endpoint => endpoint.RequireCors("shop"), null, false },
        { "an endpoint that wants none", static services => services.AddCors(Named), static endpoint => endpoint.WithMetadata(new DisableCorsAttribute()), null, true },
        { "none at all, as MVC registers it", static services => services.AddCors(), static _ => { }, null, false },
        { "somebody else's", static services => services.AddCors(Named).AddSingleton<ICorsPolicyProvider, Provider>(), static _ => { }, null, false },
        { "not registered", static _ => { }, static _ => { }, null, false },
        { "preflights for the application", static services => services.AddCors(Named), static _ => { }, "Iap:AllowPreflight=true", false },
        { "no preflights", static services => services.AddCors(Named), static _ => { }, "Iap:AllowPreflight=false", false },
    };

    /// <summary>Reporting, the application answers a preflight by the policy that it names; enforced, the guard has it answered in front of that.</summary>
    [Theory]
    [MemberData(nameof(SetUps))]
    public async Task A_policy_that_nobody_would_ask_is_pointed_out(string what, Action<IServiceCollection> register, Action<RouteHandlerBuilder> map, string? setting, bool expected)
    {
        (string, string?)[] more = setting?.Split('=') is [var key, var value] ? [(key, value)] : [];
        await using var app = await DiagnosedApp.StartAsync(register, app =>
        {
            app.UseOriginGuard();
            map(app.MapGet("/orders", static () => "orders"));
        }, more);

        Assert.True(expected == app.App.Logs.WithId(4007).Any(static line => line.Message.Contains("CORS has no default policy", StringComparison.Ordinal)), what);
    }

    private static void Named(CorsOptions cors) => cors.AddPolicy("shop", Shop);

    private static void Shop(CorsPolicyBuilder policy) => policy.WithOrigins(Origin);

    private sealed class Provider : ICorsPolicyProvider
    {
        public Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName) => Task.FromResult<CorsPolicy?>(null);
    }
}
