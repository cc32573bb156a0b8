using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OriginGuard.Connections;
using OriginGuard.Iap;
using OriginGuard.Ranges;

namespace OriginGuard;

/// <summary>Loads what the guard needs before the server listens, for a bounded time, and ends the background work with the application.</summary>
internal sealed partial class OriginGuardHostedService(
    OptionsInForce options, CurrentSettings settings, RangeRefresher ranges, IapKeySources keys, GuardedPipeline pipeline, GuardedListeners listeners,
    ConnectionGuard connections, TimeProvider time,
    ILogger<OriginGuardHostedService> logger, IHostEnvironment? environment = null, IConfiguration? configuration = null, EndpointDataSource? endpoints = null)
    : IHostedLifecycleService
{
    // The application listens within 10 seconds whatever the network does, and an authentication scheme beside the guard may wait 3 for its keys.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(6.5);

    private readonly Lock _warnings = new();
    private string[] _warned = [];

    // The endpoints are known once the server has built its pipeline.
    private volatile bool _started;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        options.OnChange(changed =>
        {
            ranges.Use(changed.SourceAddress, IsAddressOn(changed));
            connections.Review();
            Announce(changed, settings.Value);
            AnnounceConnections(changed);
        });
        Announce(options.Current, settings.Value);

        try
        {
            await Task.WhenAll(ranges.StartAsync(options.Current.SourceAddress, IsAddressOn(options.Current)), keys.WaitForFirstLoadAsync(cancellationToken))
                .WaitAsync(LongestWait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            Log.StartedWithoutWaiting(logger, LongestWait);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // Not before: endpoints are made, and listeners of the configuration are guarded, while the server starts.
        _started = true;
        if (!pipeline.HasGuard)
        {
            Log.NotInPipeline(logger);
        }

        Warn(options.Current);
        AnnounceConnections(options.Current);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => ranges.StopAsync(cancellationToken);

    private void Announce(OriginGuardOptions current, GuardSettings guard)
    {
        if (guard.IsDisabled)
        {
            Log.GuardDisabled(logger);
            return;
        }

        if (logger.IsEnabled(LogLevel.Information))
        {
            Log.GuardOn(logger, current.Mode, current.Platform, string.Join(", ", guard.Checks.Select((check, index) =>
                $"{check.Layer}{(guard.Enforced[index] ? "" : " (report only)")}")));
        }

        foreach (var note in PlatformNotes.Of(current))
        {
            Log.PlatformNote(logger, current.Platform, note);
        }

        Warn(current);
    }

    /// <summary>Warns of what is weak now and was not before: a reload for another reason repeats nothing.</summary>
    private void Warn(OriginGuardOptions current)
    {
        var weak = WeakSetUp.Find(current, environment, configuration);
        if (_started && endpoints is not null && current.Mode is not LayerMode.Disabled)
        {
            weak = weak.Concat(WeakEndpoints.Find(current, endpoints.Endpoints));
        }

        string[] all = [.. weak], added;
        lock (_warnings)
        {
            added = [.. all.Except(_warned, StringComparer.Ordinal)];
            _warned = all;
        }

        foreach (var weakness in added)
        {
            Log.WeakSetUp(logger, weakness);
        }
    }

    private void AnnounceConnections(OriginGuardOptions current)
    {
        if (listeners.Any && current.Mode is not LayerMode.Disabled)
        {
            connections.Announce([.. WeakSetUp.ExemptForEverybody(current, endpoints?.Endpoints ?? [])]);
        }
    }

    private static bool IsAddressOn(OriginGuardOptions options) =>
        options.Mode is not LayerMode.Disabled && options.SourceAddress.Mode is not LayerMode.Disabled;
}
