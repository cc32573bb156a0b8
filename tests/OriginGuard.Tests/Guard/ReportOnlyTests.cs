using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Guard;

/// <summary>Whoever only watches changes nothing that the application sees.</summary>
public sealed class ReportOnlyTests
{
    private const string Audience = "/projects/1/global/backendServices/2";
    private const string Email = "X-Goog-Authenticated-User-Email";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Audience)]
    [InlineData("/projects/9/apps/unknown")]
    public async Task The_request_reaches_the_application_as_it_came(string configured)
    {
        using var issuer = new IapAssertionIssuer(new ManualTimeProvider());
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, Token);
        var came = Headers(issuer);

        var seen = await SeeAsync(keys, came, ("Mode", "ReportOnly"), ("Iap:Audiences:0", configured), ("ClientAddress:Restore", "true"));

        Assert.Equal(came.OrderBy(static header => header.Key), seen.Headers.OrderBy(static header => header.Key));
        Assert.Equal(("34.96.1.1", false), (seen.Remote, seen.User.Identity?.IsAuthenticated));
    }

    [Fact]
    public async Task Enforced_the_same_request_has_its_user_its_client_and_no_secret()
    {
        using var issuer = new IapAssertionIssuer(new ManualTimeProvider());
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, Token);

        var seen = await SeeAsync(keys, Headers(issuer), ("Iap:Audiences:0", Audience), ("ClientAddress:Restore", "true"));

        Assert.Equal(("203.0.113.9", "ada@example.com"), (seen.Remote, seen.User.Identity?.Name));
        Assert.DoesNotContain("X-Origin-Guard", seen.Headers.Keys);
    }

    [Theory]
    [InlineData("SharedSecret", GuardedApp.Secret, true)]
    [InlineData("SharedSecret", "wrong-wrong-wrong-wrong", true)]
    [InlineData("Iap", GuardedApp.Secret, false)]
    public async Task The_user_is_that_of_an_enforced_assertion_whatever_another_layer_reports(string reporting, string secret, bool isSignedIn)
    {
        using var issuer = new IapAssertionIssuer(new ManualTimeProvider());
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, Token);
        var came = Headers(issuer);
        came["X-Origin-Guard"] = secret;

        var seen = await SeeAsync(keys, came, ($"{reporting}:Mode", "ReportOnly"), ("Iap:Audiences:0", Audience));

        Assert.Equal(isSignedIn, seen.User.Identity?.IsAuthenticated);
        Assert.Equal(reporting is "SharedSecret" ? secret : null, seen.Headers.GetValueOrDefault("X-Origin-Guard"));
        Assert.Equal(reporting is "Iap" ? came[Email] : isSignedIn ? "accounts.google.com:ada@example.com" : null, seen.Headers.GetValueOrDefault(Email));
    }

    /// <summary>The address layer was set to report because its ranges had grown old: what the secret says is enough, as if that layer were off.</summary>
    [Theory]
    [InlineData("Enforce", "Enforce", "203.0.113.9")]
    [InlineData("Enforce", "ReportOnly", "34.96.1.1")] // nothing that is enforced has spoken for it
    [InlineData("ReportOnly", "Enforce", "34.96.1.1")]
    public async Task The_client_is_restored_beside_a_layer_that_only_reports(string mode, string secret, string remote)
    {
        using var issuer = new IapAssertionIssuer(new ManualTimeProvider());
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, Token);

        var seen = await SeeAsync(
            keys, Headers(issuer), ("Mode", mode), ("SourceAddress:Mode", "ReportOnly"), ("SourceAddress:Networks:0", "192.0.2.0/24"), ("SharedSecret:Mode", secret), ("ClientAddress:Restore", "true"), ("Iap:Mode", "Disabled"));

        Assert.Equal((remote, null), (seen.Remote, seen.Client));
    }

    /// <summary>A preflight passes the assertion's layer without a word of who sent it, and its other headers anybody can have written.</summary>
    [Theory]
    [InlineData("ReportOnly", "203.0.113.66 http")]
    [InlineData("Enforce", null)]
    public async Task A_preflight_alone_restores_no_client(string address, string? seen)
    {
        string? found = null;
        using var issuer = new IapAssertionIssuer(new ManualTimeProvider());
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, Token);
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Settings(
                ("SourceAddress:Mode", address), ("SharedSecret:Mode", "Disabled"), ("Iap:Audiences:0", Audience), ("Iap:KeysUri", $"{keys.Uri}"), ("Iap:AllowPreflight", "true"),
                ("ClientAddress:Restore", "true")),
            pipeline: app =>
            {
                app.UseOriginGuard();
                app.Run(context =>
                {
                    found = $"{context.Connection.RemoteIpAddress} {context.Request.Scheme}";
                    return Task.CompletedTask;
                });
            });

        await app.SendAsync(GuardedApp.Stranger, static request =>
        {
            (request.Method, request.Scheme) = ("OPTIONS", "http");
            (request.Headers.Origin, request.Headers.AccessControlRequestMethod) = ("https://shop.example", "GET");
            (request.Headers["X-Forwarded-For"], request.Headers["X-Forwarded-Proto"]) = ("198.51.100.9,198.51.100.1", "https");
        });

        Assert.Equal(seen, found);
    }

    private static Dictionary<string, string> Headers(IapAssertionIssuer issuer) => new()
    {
        ["X-Origin-Guard"] = GuardedApp.Secret,
        ["X-Forwarded-For"] = "203.0.113.9,198.51.100.1",
        [IapDefaults.AssertionHeader] = issuer.Issue(Audience, new IapIdentity { Email = "ada@example.com" }),
        [Email] = "accounts.google.com:mallory@example.com",
        ["x_goog_iap_attr_role"] = "admin",
    };

    private static async Task<Seen> SeeAsync(IapKeyEndpoint keys, Dictionary<string, string> headers, params (string Key, string? Value)[] settings)
    {
        Seen? seen = null;
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings([.. settings, ("Iap:KeysUri", $"{keys.Uri}")]), pipeline: app =>
        {
            app.UseOriginGuard();
            app.Run(context =>
            {
                seen = new Seen(
                    context.Request.Headers.Where(static header => header.Key is not "Host").ToDictionary(
                        header => headers.Keys.FirstOrDefault(name => name.Equals(header.Key, StringComparison.OrdinalIgnoreCase)) ?? header.Key, static header => $"{header.Value}"),
                    $"{context.Connection.RemoteIpAddress}",
                    context.User,
                    context.Features.Get<IOriginGuardFeature>()?.ClientAddress);
                return Task.CompletedTask;
            });
        });

        await app.SendAsync(GuardedApp.LoadBalancer, request =>
        {
            foreach (var (name, value) in headers)
            {
                request.Headers[name] = value;
            }
        });

        return Assert.IsType<Seen>(seen);
    }

    private sealed record Seen(Dictionary<string, string> Headers, string Remote, ClaimsPrincipal User, IPAddress? Client);
}
