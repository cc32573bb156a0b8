using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.TestKit;
using OriginGuard.Tests.Connections;
using Xunit;

namespace OriginGuard.Tests.Docs;

/// <summary>The listeners of docs/kestrel-guard.md.</summary>
public sealed class KestrelGuardDocs
{
    [Fact]
    public async Task Listeners_of_the_code_and_of_the_configuration_refuse_strangers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux binds all of 127.0.0.0/8.");
        using var made = new LoopbackCertificate();
        var certificate = made.Certificate;
        var port = 0;
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(GuardedListener.SettingsWith());

        #region docs: listener
        builder.Services.AddOriginGuard(builder.Configuration);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAnyIP(port, listen =>
        {
            listen.UseOriginGuard();
            listen.UseHttps(certificate);
        }));
        #endregion

        await RefusesStrangersAsync(builder);

        builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Configuration.AddInMemoryCollection(GuardedListener.SettingsWith());
        builder.Services.AddOriginGuard(builder.Configuration);

        #region docs: defaults
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(listen => listen.UseOriginGuard()));
        #endregion

        await RefusesStrangersAsync(builder);
    }

    private static async Task RefusesStrangersAsync(WebApplicationBuilder builder)
    {
        await using var app = builder.Build();
        app.UseOriginGuard();
        await app.StartAsync();
        using var stranger = await LoopbackClient.ConnectAsync(GuardedListener.Stranger, new Uri(app.Urls.Single().Replace("[::]", "127.0.0.1", StringComparison.Ordinal)).Port);

        Assert.Equal("", await stranger.ReadToEndAsync());
    }
}
