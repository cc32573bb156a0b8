using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OriginGuard.TestKit;

/// <summary>A guarded origin on a real Kestrel, for what only real sockets show.</summary>
public sealed class GuardedOrigin : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GuardedOrigin(WebApplication app, LogRecorder logs) => (_app, Logs) = (app, logs);

    public LogRecorder Logs { get; }

    public IServiceProvider Services => _app.Services;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <param name="settings">The configuration, host settings such as FORWARDEDHEADERS_ENABLED included.</param>
    /// <param name="listen">What to listen on; a free port of 127.0.0.1 by default.</param>
    /// <param name="pipeline">The application; by default the guard, and an answer with the peer that the application sees.</param>
    /// <param name="services">More registrations, before the guard's.</param>
    public static async Task<GuardedOrigin> StartAsync(
        IDictionary<string, string?> settings, Action<KestrelServerOptions>? listen = null, Action<WebApplication>? pipeline = null, Action<IServiceCollection>? services = null)
    {
        // The switch is read while the builder is made, as from the environment.
        string[] switches = [.. settings.Where(setting => !setting.Key.StartsWith("OriginGuard", StringComparison.Ordinal)).Select(setting => $"--{setting.Key}={setting.Value}")];
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production", Args = switches });
        var logs = new LogRecorder();
        builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Debug);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.ConfigureKestrel(static options => (options.Limits.KeepAliveTimeout, options.Limits.MaxRequestHeadersTotalSize) = (TimeSpan.FromSeconds(620), 64 * 1024));
        builder.WebHost.ConfigureKestrel(listen ?? (static options => options.Listen(IPAddress.Loopback, 0)));
        services?.Invoke(builder.Services);
        builder.Services.FollowTestClock();
        builder.Services.AddOriginGuard(builder.Configuration);
        var app = builder.Build();
        (pipeline ?? UsualPipeline)(app);
        await app.StartAsync();
        return new GuardedOrigin(app, logs);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static void UsualPipeline(WebApplication app)
    {
        app.UseOriginGuard();
        app.Run(static context => context.Response.WriteAsync($"{context.Connection.RemoteIpAddress}"));
    }
}
