using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OriginGuard.Arming;
using OriginGuard.Connections;
using OriginGuard.Ranges;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Connections;

/// <summary>A real Kestrel with a connection guard that admits 127.9.0.0/16, and a clock for the guard that only the test moves.</summary>
internal sealed class GuardedListener : IAsyncDisposable
{
    public const string NetworksKey = "SourceAddress:Networks:0";

    public static readonly IPAddress Inside = IPAddress.Parse("127.9.1.1");
    public static readonly IPAddress Stranger = IPAddress.Parse("127.8.1.1");

    private readonly GuardedOrigin _origin;

    private GuardedListener(GuardedOrigin origin, ManualTimeProvider clock)
    {
        (_origin, Clock) = (origin, clock);
        Metrics = new MetricRecorder(origin.Services.GetRequiredService<IMeterFactory>());
        Guard = origin.Services.GetRequiredService<ConnectionGuard>();
    }

    public ManualTimeProvider Clock { get; }

    public MetricRecorder Metrics { get; }

    public ConnectionGuard Guard { get; }

    public ArmingReport Arming => ArmingReport.Of(_origin.Services.GetRequiredService<ArmingAccount>().Read());

    public RangeRefresher Refresher => _origin.Services.GetRequiredService<RangeRefresher>();

    public Uri Address => _origin.Address;

    public double Refused => Metrics.Sum("originguard.connections.refused");

    public IReadOnlyCollection<LogEntry> Log => _origin.Logs.Entries;

    public static Task<GuardedListener> StartAsync(params (string Key, string? Value)[] more) => StartAsync(static listen => listen.UseOriginGuard(), more);

    public static Task<GuardedListener> StartAsync(Action<ListenOptions> configure, params (string Key, string? Value)[] more) =>
        StartAsync(kestrel => kestrel.Listen(IPAddress.Loopback, 0, configure), null, null, more);

    public static async Task<GuardedListener> StartAsync(
        Action<KestrelServerOptions> listen, Action<WebApplication>? pipeline, Action<IServiceCollection>? services, params (string Key, string? Value)[] more)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux binds all of 127.0.0.0/8.");
        var clock = new ManualTimeProvider();
        var origin = await GuardedOrigin.StartAsync(SettingsWith(more), listen, pipeline ?? UsualPipeline, all =>
        {
            all.AddSingleton<TimeProvider>(clock);
            services?.Invoke(all);
        });
        return new GuardedListener(origin, clock);
    }

    public static Dictionary<string, string?> SettingsWith(params (string Key, string? Value)[] more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["OriginGuard:SourceAddress:RecordNames"] = "",
            [$"OriginGuard:{NetworksKey}"] = "127.9.0.0/16",
        };
        foreach (var (key, value) in more)
        {
            if (value is null)
            {
                settings.Remove($"OriginGuard:{key}");
            }
            else
            {
                settings[$"OriginGuard:{key}"] = value;
            }
        }

        return settings;
    }

    public Task<LoopbackClient> ConnectAsync(IPAddress from) => LoopbackClient.ConnectAsync(from, Address.Port);

    /// <summary>Whether a peer that connects is spoken to.</summary>
    public async Task<bool> AnswersAsync(IPAddress peer)
    {
        using var client = await ConnectAsync(peer);
        return (await client.AskAsync("/")).StartsWith("HTTP/1.1 ", StringComparison.Ordinal);
    }

    public void Reload(params (string Key, string? Value)[] changes)
    {
        var root = (IConfigurationRoot)_origin.Services.GetRequiredService<IConfiguration>();
        foreach (var (key, value) in changes)
        {
            root[$"OriginGuard:{key}"] = value;
        }

        root.Reload();
    }

    public IEnumerable<LogEntry> WithId(int id) => _origin.Logs.WithId(id);

    /// <summary>What the server complained about; its own words, not the guard's.</summary>
    public IEnumerable<LogEntry> Complaints() => Log.Where(static entry =>
        (entry.Level >= LogLevel.Warning || entry.Exception is not null) && !entry.Category.StartsWith("OriginGuard", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        Metrics.Dispose();
        await _origin.DisposeAsync();
    }

    public static void UsualPipeline(WebApplication app)
    {
        app.UseOriginGuard();
        app.Run(static context => context.Response.WriteAsync($"{context.Features.Get<IOriginGuardFeature>()?.PeerAddress}"));
    }
}
