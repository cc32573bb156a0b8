using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Docs;

/// <summary>The programs of docs/diagnostics.md.</summary>
public sealed class DiagnosticsDocs
{
    [Fact]
    public async Task The_page_is_mapped_in_one_line_and_answers_who_came_through()
    {
        await using var app = Build(static app =>
        {
            #region docs: map
            app.UseOriginGuard();
            app.MapOriginGuardDiagnostics();
            #endregion
        });
        await app.StartAsync();

        using var through = Through(app);
        using var around = SimulatedLoadBalancer.CreateDirectClient(app.GetTestServer(), GuardedApp.Stranger);

        Assert.Contains("\"verdict\": \"admitted\"", await through.GetStringAsync("/_originguard"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await around.GetAsync("/_originguard")).StatusCode);
    }

    [Fact]
    public async Task Authorization_is_asked_as_for_any_endpoint()
    {
        await using var app = Build(static app =>
        {
            app.UseOriginGuard();
            app.UseAuthorization();

            #region docs: authorize
            app.MapOriginGuardDiagnostics("/ops/guard")
                .RequireAuthorization(policy => policy.RequireClaim("email", "ops@example.com"));
            #endregion
        });
        await app.StartAsync();
        using var through = Through(app);

        await Assert.ThrowsAsync<InvalidOperationException>(() => through.GetAsync("/ops/guard"));
    }

    [Fact]
    public async Task An_application_reads_the_layers_of_a_request_itself()
    {
        var said = "";
        var report = (string line) => { said = line; };
        await using var app = Build(app =>
        {
            app.UseOriginGuard();

            #region docs: layers
            app.Use((context, next) =>
            {
                var guard = context.Features.GetRequiredFeature<IOriginGuardFeature>();
                if (!guard.Verdict.IsAllowed)
                {
                    // Report-only: the request goes on, and this is what would have stopped it.
                    report($"{guard.Verdict.Code}: {string.Join(", ", guard.Layers)}");
                }

                return next(context);
            });
            #endregion

            app.MapGet("/", static () => "inside");
        });
        app.Configuration["OriginGuard:Mode"] = "ReportOnly";
        await app.StartAsync();
        using var around = SimulatedLoadBalancer.CreateDirectClient(app.GetTestServer(), GuardedApp.Stranger);

        Assert.Equal("inside", await around.GetStringAsync("/"));
        Assert.Equal(
            "address.outside_ranges: Headers: admitted, SourceAddress: refused (address.outside_ranges), SharedSecret: refused (secret.missing), Iap: not asked", said);
    }

    private static WebApplication Build(Action<WebApplication> pipeline)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection(GuardedApp.Settings());
        builder.Services.AddAuthorization().AddAuthentication();
        builder.Services.AddOriginGuard(builder.Configuration);
        var app = builder.Build();
        pipeline(app);
        return app;
    }

    private static HttpClient Through(WebApplication app) => SimulatedLoadBalancer.CreateClient(
        app.GetTestServer(), new SimulatedLoadBalancerOptions { CustomRequestHeaders = [new CustomRequestHeader("X-Origin-Guard", GuardedApp.Secret)] });
}
