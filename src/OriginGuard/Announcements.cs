using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OriginGuard.Connections;

namespace OriginGuard;

/// <summary>Says at the start, and after each reload, what the guard does now and what an operator may not have meant.</summary>
internal sealed partial class Announcements(
    GuardedPipeline pipeline, GuardedListeners listeners, ConnectionGuard connections, ILogger<Announcements> logger,
    IHostEnvironment? environment = null, IConfiguration? configuration = null, EndpointDataSource? endpoints = null)
{
    private readonly Lock _warnings = new();
    private string[] _warned = [];
    private volatile bool _hasStarted;

    /// <summary>The options have come into force.</summary>
    public void InForce(OriginGuardOptions options, GuardSettings guard)
    {
        if (guard.IsDisabled)
        {
            Log.GuardDisabled(logger);
            return;
        }

        if (logger.IsEnabled(LogLevel.Information))
        {
            Log.GuardOn(logger, options.Mode, options.Platform, string.Join(", ", guard.Checks.Select((check, index) =>
                $"{check.Layer}{(guard.Enforced[index] ? "" : " (report only)")}")));
        }

        foreach (var note in PlatformNotes.Of(options))
        {
            Log.PlatformNote(logger, options.Platform, note);
        }

        Look(options);
    }

    /// <summary>The server listens. Not before: endpoints are made, and listeners of the configuration are guarded, while it starts.</summary>
    public void Started(OriginGuardOptions options)
    {
        _hasStarted = true;
        if (!pipeline.HasGuard)
        {
            Log.NotInPipeline(logger);
        }

        if (options.Mode is not LayerMode.Disabled)
        {
            Look(options);
        }
    }

    private void Look(OriginGuardOptions options)
    {
        var mapped = _hasStarted ? endpoints?.Endpoints ?? [] : [];
        Warn([.. WeakSetUp.Find(options, environment, configuration), .. WeakEndpoints.Find(options, mapped)]);
        if (_hasStarted && listeners.Any)
        {
            connections.Announce([.. WeakSetUp.ExemptForEverybody(options, mapped)]);
        }
    }

    /// <summary>Warns of what is weak now and was not before: a reload for another reason repeats nothing.</summary>
    private void Warn(IEnumerable<string> weak)
    {
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
}
