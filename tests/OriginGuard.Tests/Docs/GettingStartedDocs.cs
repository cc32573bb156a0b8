using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Docs;

/// <summary>The program of docs/getting-started.md, taken from report-only to enforcement.</summary>
public sealed class GettingStartedDocs
{
    [Fact]
    public async Task The_program_reports_first_and_enforces_once_it_is_told_to()
    {
        string[] args = [];

        #region docs: services
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddOriginGuard(builder.Configuration);
        builder.Services.AddHealthChecks().AddOriginGuard();
        #endregion

        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection(GuardedApp.Settings(("Mode", "ReportOnly")));

        #region docs: pipeline
        var app = builder.Build();
        app.UseOriginGuard();
        app.MapHealthChecks("/healthz").AllowDirectAccess();
        app.MapGet("/", () => "inside");
        #endregion

        await using var running = app;
        await app.StartAsync();
        using var around = SimulatedLoadBalancer.CreateDirectClient(app.GetTestServer(), GuardedApp.Stranger);

        Assert.Equal("inside", await around.GetStringAsync("/"));
        Assert.Equal("Healthy", await around.GetStringAsync("/healthz"));

        app.Configuration["OriginGuard:Mode"] = "Enforce";
        ((IConfigurationRoot)app.Configuration).Reload();

        Assert.Equal(HttpStatusCode.Forbidden, (await around.GetAsync("/")).StatusCode);
        Assert.Equal("Healthy", await around.GetStringAsync("/healthz"));
    }
}
