using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OriginGuard.TestKit;

/// <summary>A small application behind the guard, on the test server: what most tests talk to.</summary>
public sealed class GuardedApp : IAsyncDisposable
{
    public const string Secret = "correct-horse-battery-staple-0001";
    public const string PreviousSecret = "correct-horse-battery-staple-0000";
    public static readonly IPAddress LoadBalancer = IPAddress.Parse("34.96.1.1");
    public static readonly IPAddress Stranger = IPAddress.Parse("203.0.113.66");

    private readonly WebApplication _app;

    private GuardedApp(WebApplication app, LogRecorder logs, MetricRecorder metrics, ManualTimeProvider clock) =>
        (_app, Logs, Metrics, Clock) = (app, logs, metrics, clock);

    public LogRecorder Logs { get; }

    public MetricRecorder Metrics { get; }

    public ManualTimeProvider Clock { get; }

    public IServiceProvider Services => _app.Services;

    public TestServer Server => _app.GetTestServer();

    /// <summary>The usual guard: two networks and one secret, and no DNS.</summary>
    public static Dictionary<string, string?> Settings(params (string Key, string? Value)[] more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["OriginGuard:SourceAddress:RecordNames"] = "",
            ["OriginGuard:SourceAddress:Networks:0"] = "34.96.0.0/20",
            ["OriginGuard:SourceAddress:Networks:1"] = "34.127.192.0/18",
            ["OriginGuard:SharedSecret:Secrets:0"] = Secret,
        };
        foreach (var (key, value) in more)
        {
            settings[$"OriginGuard:{key}"] = value;
        }

        return settings;
    }

    public static Task<GuardedApp> StartAsync(params (string Key, string? Value)[] more) => StartAsync(Settings(more));

    public static async Task<GuardedApp> StartAsync(
        IDictionary<string, string?> settings, Action<IServiceCollection>? services = null, Action<WebApplication>? pipeline = null, string environment = "Production",
        Action<IConfigurationBuilder>? sources = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        var logs = new LogRecorder();
        var clock = new ManualTimeProvider();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Trace);
        builder.Configuration.AddInMemoryCollection(settings);
        sources?.Invoke(builder.Configuration);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddRouting();
        services?.Invoke(builder.Services);
        builder.Services.FollowTestClock();
        builder.Services.AddOriginGuard(builder.Configuration);
        var app = builder.Build();
        (pipeline ?? UsualPipeline)(app);
        await app.StartAsync();
        return new GuardedApp(app, logs, new MetricRecorder(app.Services.GetRequiredService<IMeterFactory>()), clock);
    }

    /// <summary>Sends a request from a peer, as the server would see it.</summary>
    public Task<HttpContext> SendAsync(IPAddress? peer, Action<HttpRequest>? request = null) => Server.SendAsync(context =>
    {
        context.Connection.RemoteIpAddress = peer;
        context.Request.Method = HttpMethods.Get;
        context.Request.Path = "/";
        request?.Invoke(context.Request);
    });

    /// <summary>Changes the configuration while the application runs.</summary>
    public void Reload(params (string Key, string? Value)[] changes)
    {
        var root = (IConfigurationRoot)_app.Services.GetRequiredService<IConfiguration>();
        foreach (var (key, value) in changes)
        {
            root[$"OriginGuard:{key}"] = value;
        }

        root.Reload();
    }

    /// <summary>Ends the application in order; to dispose of it alone is to kill it.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Metrics.Dispose();
        await _app.DisposeAsync();
    }

    private static void UsualPipeline(WebApplication app)
    {
        app.UseOriginGuard();
        app.MapGet("/healthz", () => "alive").AllowDirectAccess();
        app.MapFallback(static context => context.Response.WriteAsync("inside"));
    }
}
