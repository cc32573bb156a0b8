using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Guard;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.SharedSecret;

public sealed class SharedSecretLayerTests
{
    [Theory]
    [InlineData("abcdefghabcdefghabcdefghabcdefgh")]
    [InlineData("abcdefghabcdefghabcdefghabcdefg", "is shorter than 32 characters")]
    [InlineData("abcdefgabcdefgabcdefgabcdefgabcd", "has fewer than 8 different characters")]
    [InlineData("abcdefgabcdefgabcd", "is shorter than 32 characters", "has fewer than 8 different characters")]
    public async Task A_secret_that_is_valid_and_weak_is_named(string secret, params string[] weaknesses)
    {
        await using var app = await GuardedApp.StartAsync(("SharedSecret:Secrets:0", "l6m2Qd0nXk4vT8rYw1uZb5cJ7gHfSa3p"), ("SharedSecret:Secrets:1", secret));

        Assert.Equal(
            weaknesses.Select(static weakness => $"OriginGuard:SharedSecret:Secrets:1 {weakness}. Make one from 32 random bytes in base64url."),
            app.Services.GetRequiredService<GuardPlans>().Current.Secret.Weaknesses);
    }
}
