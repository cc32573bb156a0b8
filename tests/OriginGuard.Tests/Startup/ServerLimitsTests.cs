using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Startup;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Startup;

public sealed class ServerLimitsTests
{
    private static readonly Dictionary<string, string?> IisVariables = new() { ["TOKEN"] = "pair", ["PORT"] = "18341", ["APPL_PATH"] = "/" };

    [Theory]
    [InlineData(130, 32, "InternetNeg", 2)]
    [InlineData(620, 32, "InternetNeg", 1)]
    [InlineData(130, 64, "GoogleCloudBackend", 1)]
    [InlineData(600, 64, "InternetNeg", 1)] // whoever closes at the same moment closes too early
    [InlineData(620, 64, "InternetNeg", 0)]
    [InlineData(130, 32, "CloudRun", 0)]
    [InlineData(130, 32, "CloudRunServerlessNeg", 0)]
    public async Task Limits_that_do_not_fit_the_load_balancer_s_are_pointed_out(int idleSeconds, int headersKibibytes, string platform, int warnings)
    {
        await using var origin = await GuardedOrigin.StartAsync(GuardedApp.Settings(("Platform", platform)), options =>
        {
            options.Listen(IPAddress.Loopback, 0);
            (options.Limits.KeepAliveTimeout, options.Limits.MaxRequestHeadersTotalSize) = (TimeSpan.FromSeconds(idleSeconds), headersKibibytes * 1024);
        });

        Assert.Equal(warnings, origin.Logs.WithId(4007).Count(static line => line.Message.StartsWith("Kestrel ", StringComparison.Ordinal)));
        Assert.All(origin.Logs.WithId(4007), static line => Assert.Matches("Set Limits\\.(KeepAliveTimeout of KestrelServerOptions to 620 s|MaxRequestHeadersTotalSize of KestrelServerOptions to 65536)", line.Message));
    }

    /// <summary>A proxy in front holds the load balancer's connections, and not Kestrel.</summary>
    [Theory]
    [InlineData("Connection", false, 1)]
    [InlineData("ForwardedFor", false, 0)]
    [InlineData("Connection", true, 0)]
    public async Task Where_a_proxy_stands_in_front_the_idle_time_is_not_Kestrel_s(string from, bool isIis, int warnings)
    {
        await using var origin = await GuardedOrigin.StartAsync(
            new Dictionary<string, string?>([.. GuardedApp.Settings(("SourceAddress:From", from)), .. isIis ? IisVariables : []]),
            static options =>
            {
                options.Listen(IPAddress.Loopback, 0);
                (options.Limits.KeepAliveTimeout, options.Limits.MaxRequestHeadersTotalSize) = (TimeSpan.FromSeconds(130), 32 * 1024);
            });

        Assert.Equal(warnings, origin.Logs.WithId(4007).Count(static line => line.Message.StartsWith("Kestrel closes a connection", StringComparison.Ordinal)));
        Assert.Single(origin.Logs.WithId(4007), static line => line.Message.StartsWith("Kestrel takes 32 KiB of request headers", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_test_server_has_no_such_limits()
    {
        await using var app = await GuardedApp.StartAsync();

        Assert.Empty(app.Logs.WithId(4007));
    }

    [Fact]
    public void Where_no_server_is_known_none_is_judged()
    {
        using var services = new ServiceCollection().BuildServiceProvider();

        Assert.Empty(ServerLimits.Find(new OriginGuardOptions(), isBehindIis: false, null));
        Assert.Empty(ServerLimits.Find(new OriginGuardOptions(), isBehindIis: false, services));
        Assert.False(WeakSetUp.IsBehindIis(null));
    }
}
