using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Startup;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Startup;

public sealed class ServerLimitsTests
{
    [Theory]
    [InlineData(130, 32, "InternetNeg", 2)]
    [InlineData(620, 32, "InternetNeg", 1)]
    [InlineData(130, 64, "GoogleCloudBackend", 1)]
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

        Assert.Empty(ServerLimits.Find(OriginPlatform.InternetNeg, null));
        Assert.Empty(ServerLimits.Find(OriginPlatform.InternetNeg, services));
        Assert.False(WeakSetUp.IsBehindIis(null));
    }
}
