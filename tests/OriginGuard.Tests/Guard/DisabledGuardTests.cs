using Microsoft.AspNetCore.Builder;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Guard;

public sealed class DisabledGuardTests
{
    private const string Email = "x-goog-authenticated-user-email";

    [Theory]
    [InlineData("Disabled", "accounts.google.com:ada@example.com")]
    [InlineData("ReportOnly", "accounts.google.com:ada@example.com")]
    [InlineData("Enforce", "")]
    public async Task A_guard_that_is_disabled_or_only_watches_leaves_the_identity_headers_to_the_application(string mode, string expected)
    {
        var seen = "";
        using var issuer = new IapAssertionIssuer();
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, TestContext.Current.CancellationToken);
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Settings(("Mode", mode), ("Exemptions:0:Path", "/"), ("Iap:Audiences:0", "/projects/1/apps/x"), ("Iap:KeysUri", $"{keys.Uri}")), pipeline: app =>
            {
                app.UseOriginGuard();
                app.Run(context =>
                {
                    seen = context.Request.Headers[Email].ToString();
                    return Task.CompletedTask;
                });
            });

        await app.SendAsync(GuardedApp.LoadBalancer, static request => request.Headers[Email] = "accounts.google.com:ada@example.com");

        Assert.Equal(expected, seen);
        Assert.Equal(mode == "Disabled", keys.FetchCount == 0);
    }
}
