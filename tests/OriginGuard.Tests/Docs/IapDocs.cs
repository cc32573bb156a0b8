using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Docs;

/// <summary>The program of docs/iap.md: the assertion as a plain authentication scheme.</summary>
public sealed class IapDocs
{
    private const string Audience = "/projects/123456789/global/backendServices/987654321";

    [Fact]
    public async Task The_scheme_works_without_the_guard()
    {
        using var issuer = new IapAssertionIssuer();
        await using var keys = await IapKeyEndpoint.StartAsync(issuer);
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OriginGuard:Iap:Audiences:0"] = Audience,
            ["OriginGuard:Iap:KeysUri"] = keys.Uri.ToString(),
        });

        #region docs: scheme
        builder.Services.AddAuthentication(IapDefaults.AuthenticationScheme).AddGoogleIap();
        builder.Services.AddAuthorization();

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/me", (ClaimsPrincipal user) => $"{user.Identity?.Name} {user.FindFirstValue(IapClaimTypes.Subject)}").RequireAuthorization();
        #endregion

        await using var running = app;
        await app.StartAsync();
        using var signedIn = SimulatedLoadBalancer.CreateClient(app.GetTestServer(), new() { IapAssertion = _ => issuer.Issue(Audience) });
        using var nobody = SimulatedLoadBalancer.CreateClient(app.GetTestServer());

        Assert.Equal("ada@example.com accounts.google.com:118133858486581853996", await signedIn.GetStringAsync("/me"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/me")).StatusCode);
    }
}
