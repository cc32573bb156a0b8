using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using OriginGuard.Checks;
using OriginGuard.Configuration;
using OriginGuard.Connections;
using OriginGuard.Guard;

namespace OriginGuard.Startup;

/// <summary>Says at the start, and after each reload, what the guard does now and what an operator may not have meant.</summary>
internal sealed partial class Announcements(
    GuardedPipeline pipeline, GuardedListeners listeners, ConnectionGuard connections, OptionsSections sections, ILogger<Announcements> logger,
    IConfiguration? configuration = null, EndpointDataSource? endpoints = null)
{
    private readonly Lock _warnings = new();
    private string[] _warned = [];
    private volatile bool _hasStarted;

    /// <summary>The options have come into force.</summary>
    public void InForce(GuardPlan plan)
    {
        if (plan.IsDisabled)
        {
            Log.GuardDisabled(logger);
        }
        else if (_hasStarted)
        {
            Announce(plan);
        }
    }

    /// <summary>The server listens. Not before: only now does the guard stand where it stands, are endpoints made and listeners guarded.</summary>
    public void Started(GuardPlan plan)
    {
        _hasStarted = true;
        foreach (var fault in pipeline.Faults)
        {
            Log.NotFirst(logger, fault);
        }

        if (!plan.IsDisabled)
        {
            Announce(plan);
        }
    }

    private void Announce(GuardPlan plan)
    {
        var options = plan.Options;
        var mapped = MappedEndpoints.Of(endpoints, pipeline);
        if (listeners.Any)
        {
            connections.Announce([.. WeakSetUp.ExemptForEverybody(options, mapped.InSight)]);
        }

        // A guard that stands nowhere does nothing of what the rest would say.
        if (!pipeline.HasGuard)
        {
            return;
        }

        if (logger.IsEnabled(LogLevel.Information))
        {
            Log.GuardOn(logger, options.Mode, options.Platform, NamesOf(plan.Layers));
        }

        foreach (var note in PlatformNotes.Of(options))
        {
            Log.PlatformNote(logger, options.Platform, options.Reading.AsWritten(note));
        }

        IEnumerable<string> weak =
        [
            .. WeakSetUp.Find(plan, configuration, sections.Names), .. ServerLimits.Find(options, WeakSetUp.IsBehindIis(configuration), pipeline.Services), .. WeakSetUp.ExemptForNothing(options),
            .. WeakEndpoints.Find(options, mapped, ServerPorts.Of(pipeline.Services), pipeline.IsRoutingBehind, EndpointAuthorization.HasFallbackPolicy(pipeline.Services)),
            .. OpenDiagnostics.Find(plan, mapped.All, pipeline.Services), .. WeakCors.Find(plan, mapped.All, pipeline.Services),
        ];
        Warn(weak.Select(options.Reading.AsWritten));
    }

    private static string NamesOf(IEnumerable<Layer> layers) => string.Join(
        ", ", layers.Where(static layer => layer.IsOn).Select(static layer => $"{layer.Name}{(layer.Mode is LayerMode.ReportOnly ? " (report only)" : "")}"));

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
