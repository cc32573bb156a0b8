using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests;

public sealed class WeakSetUpTests
{
    [Fact]
    public async Task A_sound_set_up_is_announced_and_not_complained_about()
    {
        await using var app = await GuardedApp.StartAsync();

        Assert.Contains("layers in order: Headers, SourceAddress, SharedSecret", Assert.Single(app.Logs.WithId(4006)).Message, StringComparison.Ordinal);
        Assert.Empty(app.Logs.WithId(4007));
    }

    [Theory]
    [InlineData("any Google Cloud customer's load balancer passes", "SharedSecret:Mode", "Disabled")]
    [InlineData("SharedSecret:Secrets:0 is shorter than 32", "SharedSecret:Secrets:0", "sixteen-letters-")]
    [InlineData("AllowNonPublicNetworks is on outside of Development", "SourceAddress:AllowNonPublicNetworks", "true")]
    public async Task A_weak_set_up_starts_with_a_warning(string warning, string key, string value)
    {
        await using var app = await GuardedApp.StartAsync((key, value));

        Assert.Contains(warning, Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Logs.Entries, entry => entry.Message.Contains("sixteen-letters-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_forwarded_headers_switch_is_pointed_out()
    {
        var settings = GuardedApp.Settings();
        settings["FORWARDEDHEADERS_ENABLED"] = "true";
        await using var app = await GuardedApp.StartAsync(settings);

        Assert.Contains("ASPNETCORE_FORWARDEDHEADERS_ENABLED", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_iis_out_of_process_an_address_layer_is_pointed_out()
    {
        var settings = GuardedApp.Settings();
        (settings["TOKEN"], settings["PORT"], settings["APPL_PATH"]) = ("pair", "18341", "/");
        await using var app = await GuardedApp.StartAsync(settings);
        settings["OriginGuard:SourceAddress:Mode"] = "Disabled";
        await using var withoutAddress = await GuardedApp.StartAsync(settings);

        Assert.Contains("IIS runs the application out of process", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
        Assert.Empty(withoutAddress.Logs.WithId(4007));
    }
}
