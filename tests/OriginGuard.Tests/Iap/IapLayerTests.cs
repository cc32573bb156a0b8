using System.Security.Claims;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OriginGuard.Checks;
using OriginGuard.Iap;
using Xunit;

namespace OriginGuard.Tests.Iap;

/// <summary>What the diagnostics, the health check and the log of the start say of the layer.</summary>
public sealed class IapLayerTests
{
    private const string Odd = "https://shop.example.com";

    [Theory]
    [InlineData("", null, "There is nothing to compare with: OriginGuard:Iap:Audiences is empty and ProjectNumber is not set.")]
    [InlineData(IapWorld.Audience, null, "OriginGuard:Iap has audiences to compare with.")]
    [InlineData(IapWorld.Audience, "123456789", "OriginGuard:Iap has audiences to compare with.")]
    [InlineData("", "123456789", "OriginGuard:Iap has a project number to compare with.")]
    public void Says_by_what_it_is_on_or_why_it_is_off(string audience, string? projectNumber, string why) =>
        Assert.Equal(why, Layer(new IapOptions { Audiences = audience.Length == 0 ? [] : [audience], ProjectNumber = projectNumber }).Why);

    [Theory]
    [InlineData(LayerMode.Enforce, 1)]
    [InlineData(LayerMode.ReportOnly, 1)]
    [InlineData(LayerMode.Disabled, 0)]
    public void Warns_of_what_it_goes_by_and_of_nothing_while_it_is_off(LayerMode mode, int warnings)
    {
        var found = Layer(new IapOptions { Audiences = [Odd], Mode = mode }).Weaknesses.ToArray();

        Assert.Equal(warnings, found.Length);
        Assert.All(found, static warning => Assert.StartsWith("OriginGuard:Iap:Audiences:0 (https://shop.example.com) is of no form", warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Asks_nothing_while_it_has_nothing_to_ask_with()
    {
        await using var world = new IapWorld();

        Assert.Empty(Layer(world.Options).Checks);
        Assert.Single(new IapLayer(Options(world.Options), world.Verifier, Preflights.None, isDevelopment: false).Checks);
    }

    [Fact]
    public async Task Its_health_is_that_of_its_keys()
    {
        await using var world = new IapWorld();
        var layer = new IapLayer(Options(world.Options), world.Verifier, Preflights.None, isDevelopment: false);
        Assert.Equal(
            (HealthStatus.Unhealthy, "No IAP keys have been loaded: every request with an assertion is undetermined (503 while the layer is enforced)."), (layer.Health().Status, layer.Health().Description));

        await world.ApplyAsync();
        Assert.Equal((HealthStatus.Healthy, null), (layer.Health().Status, layer.Health().Description));

        world.Keys.AlwaysAnswer("{}");
        await world.SleepOverAsync();
        Assert.Equal(
            (HealthStatus.Degraded, "The last refresh of the IAP keys failed; the last known good ones are in force."), (layer.Health().Status, layer.Health().Description));
    }

    [Theory]
    [InlineData("somebody@example.com", "accounts.google.com:1", "Identity-Aware Proxy signed for somebody@example.com (accounts.google.com:1).")]
    [InlineData(null, null, "Identity-Aware Proxy signed for somebody without an email (no subject).")]
    public void Says_for_whom_a_request_was_signed(string? email, string? subject, string sentence)
    {
        Claim?[] claims = [email is null ? null : new Claim(IapClaimTypes.Email, email), subject is null ? null : new Claim(IapClaimTypes.Subject, subject)];

        Assert.Equal(sentence, Admitted(new OriginFindings { User = new ClaimsPrincipal(new ClaimsIdentity(claims.OfType<Claim>())) }));
    }

    [Fact]
    public void Says_of_a_preflight_that_nobody_is_signed_in() => Assert.Equal(
        "A CORS preflight without an assertion, as OriginGuard:Iap:AllowPreflight lets it pass (not set: for CORS alone). Nobody is signed in.", Admitted(new OriginFindings()));

    private static string Admitted(OriginFindings found) =>
        Layer(new IapOptions { Audiences = [IapWorld.Audience] }).Find(OriginVerdict.Admitted, OriginVerdict.Admitted, found).Explanation;

    private static IapLayer Layer(IapOptions own) => new(Options(own), verifier: null, Preflights.None, isDevelopment: false);

    private static OriginGuardOptions Options(IapOptions own)
    {
        var options = new OriginGuardOptions();
        (options.Iap.Audiences, options.Iap.ProjectNumber, options.Iap.Mode) = (own.Audiences, own.ProjectNumber, own.Mode);
        return options;
    }
}
