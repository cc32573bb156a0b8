using Microsoft.Extensions.DependencyInjection;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Startup;

public sealed class PlatformNotesTests
{
    [Theory]
    [InlineData("CloudRunServerlessNeg", null, "no source address is checked")]
    [InlineData("GoogleCloudBackend", null, "no record is resolved")]
    [InlineData("InternetNegRegional", "203.0.113.7/32", "no record is resolved")]
    [InlineData("CloudRun", null, "the peer is entry 1 of X-Forwarded-For from the right")]
    public async Task A_preset_says_at_the_start_what_it_switched_off(string platform, string? network, string expected)
    {
        await using var app = await StartAsync(platform, network);

        var note = Assert.Single(app.Logs.WithId(4008)).Message;
        Assert.StartsWith($"Platform {platform}: {expected}", note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_was_switched_off_by_hand_is_not_blamed_on_the_platform()
    {
        await using var app = await GuardedApp.StartAsync(new Dictionary<string, string?>
        {
            ["OriginGuard:SourceAddress:RecordNames"] = "",
            ["OriginGuard:SharedSecret:Secrets:0"] = GuardedApp.Secret,
        });

        Assert.Contains("neither a record nor a network is named", Assert.Single(app.Logs.WithId(4008)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("InternetNeg", null)]
    [InlineData("CloudRunServerlessNeg", "_cloud-eoips.googleusercontent.com")]
    public async Task A_preset_that_switches_nothing_off_says_nothing(string platform, string? record)
    {
        await using var app = record is null ? await StartAsync(platform, null) : await StartAsync(platform, null, ("SourceAddress:RecordNames:0", record));

        Assert.Empty(app.Logs.WithId(4008));
    }

    private static Task<GuardedApp> StartAsync(string platform, string? network, params (string Key, string? Value)[] more)
    {
        var settings = GuardedApp.Settings([("Platform", platform), ("SourceAddress:Networks:0", network), .. more]);
        settings.Remove("OriginGuard:SourceAddress:Networks:1");
        foreach (var absent in settings.Where(static setting => setting.Value is null || setting.Key.EndsWith(":RecordNames", StringComparison.Ordinal)).ToArray())
        {
            settings.Remove(absent.Key);
        }

        return GuardedApp.StartAsync(settings, static services => services.AddSingleton<ITxtResolver>(
            new ScriptedTxtResolver().Answer(SourceAddressOptions.GoogleRecordName, "v=spf1 ip4:34.96.0.0/20 -all")));
    }
}
