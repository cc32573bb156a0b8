using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Docs;

/// <summary>The client's name of docs/google-cloud-setup.md, where the load balancer sends the origin's own as Host.</summary>
public sealed class GoogleCloudSetupDocs
{
    private const string Own = "origin.example.com";
    private const string Public = "www.example.com";

    [Fact]
    public async Task An_admitted_request_has_the_name_that_the_client_asked_for()
    {
        await using var app = await StartAsync();

        Assert.Equal(Public, await NameAsync(app, GuardedApp.LoadBalancer, "/", Public));
    }

    [Fact]
    public async Task A_name_of_somebody_else_changes_nothing_and_neither_does_a_request_that_passed_unasked()
    {
        await using var app = await StartAsync();

        Assert.Equal(Own, await NameAsync(app, GuardedApp.LoadBalancer, "/", "evil.example"));
        Assert.Equal(Own, await NameAsync(app, GuardedApp.Stranger, "/healthz", Public));
    }

    [Fact]
    public async Task What_is_only_reported_changes_nothing()
    {
        await using var app = await StartAsync(("Mode", "ReportOnly"));

        Assert.Equal(Own, await NameAsync(app, GuardedApp.Stranger, "/", Public));
        Assert.Equal(Public, await NameAsync(app, GuardedApp.LoadBalancer, "/", Public));
    }

    private static Task<GuardedApp> StartAsync(params (string Key, string? Value)[] more) => GuardedApp.StartAsync(
        GuardedApp.Settings(more),
        pipeline: static app =>
        {
            #region docs: host
            app.UseOriginGuard();
            app.Use(static (context, next) =>
            {
                // Of an admitted request the header is the load balancer's word. What it says is still the client's, so only a name of yours is taken.
                if (context.Features.Get<IOriginGuardFeature>()?.Verdict.Outcome is OriginOutcome.Admitted
                    && context.Request.Headers["X-Public-Host"] == "www.example.com")
                {
                    context.Request.Host = new HostString("www.example.com");
                }

                return next(context);
            });
            #endregion

            app.MapGet("/", static (HttpContext context) => context.Request.Host.ToString());
            app.MapGet("/healthz", static (HttpContext context) => context.Request.Host.ToString()).AllowDirectAccess();
        });

    private static async Task<string> NameAsync(GuardedApp app, IPAddress peer, string path, string publicHost)
    {
        var context = await app.SendAsync(peer, request =>
        {
            request.Host = new HostString(Own);
            request.Path = path;
            request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
            request.Headers["X-Public-Host"] = publicHost;
        });
        using var reader = new StreamReader(context.Response.Body);
        return await reader.ReadToEndAsync();
    }
}
