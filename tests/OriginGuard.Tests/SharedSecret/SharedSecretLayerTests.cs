using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Checks;
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

    [Fact]
    public async Task A_weak_secret_in_a_file_is_named_by_its_setting()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "secret");
        await File.WriteAllTextAsync(file, "abcdefgabcdefgabcd", TestContext.Current.CancellationToken);
        await using var app = await GuardedApp.StartAsync(("SharedSecret:Secrets:0", "l6m2Qd0nXk4vT8rYw1uZb5cJ7gHfSa3p"), ("SharedSecret:SecretFiles:0", file));

        Assert.Equal(
            [
                "A value of OriginGuard:SharedSecret:SecretFiles is shorter than 32 characters. Make one from 32 random bytes in base64url.",
                "A value of OriginGuard:SharedSecret:SecretFiles has fewer than 8 different characters. Make one from 32 random bytes in base64url.",
            ],
            app.Services.GetRequiredService<GuardPlans>().Current.Secret.Weaknesses);
    }

    [Theory]
    [InlineData(null, true, "Secrets are configured; they are expected in the header X-Origin-Guard.")]
    [InlineData(null, false, "There is no secret: OriginGuard:SharedSecret:Secrets and SecretFiles are empty.")]
    [InlineData("Disabled", true, "OriginGuard:SharedSecret:Mode is Disabled.")]
    public async Task A_layer_that_is_off_asks_nothing_and_says_why(string? mode, bool hasSecret, string why)
    {
        var settings = mode is null ? GuardedApp.Settings() : GuardedApp.Settings(("SharedSecret:Mode", mode));
        if (!hasSecret)
        {
            settings.Remove("OriginGuard:SharedSecret:Secrets:0");
        }

        await using var app = await GuardedApp.StartAsync(settings);

        var layer = app.Services.GetRequiredService<GuardPlans>().Current.Secret;

        Assert.Equal((why, layer.IsOn ? 1 : 0), (layer.Why, layer.Checks.Count()));
        Assert.Equal(mode is null && hasSecret, layer.IsOn);
    }

    [Theory]
    [InlineData(0, "The request carried the current secret, once. Only your load balancer knows it.")]
    [InlineData(1, "The request carried secret number 2 of those configured, as while it is being changed.")]
    [InlineData(2, "The request carried secret number 3 of those configured, as while it is being changed.")]
    public async Task Says_with_which_secret_a_request_came(int slot, string sentence)
    {
        await using var app = await GuardedApp.StartAsync();
        var layer = app.Services.GetRequiredService<GuardPlans>().Current.Secret;

        Assert.Equal(sentence, layer.Find(OriginVerdict.Admitted, OriginVerdict.Admitted, new OriginFindings { SecretSlot = slot }).Explanation);
    }
}
