using Microsoft.Extensions.Logging;
using OriginGuard.Arming;
using OriginGuard.Configuration;
using OriginGuard.Connections;
using OriginGuard.Guard;
using OriginGuard.Iap;
using OriginGuard.Ranges;
using OriginGuard.Surroundings;

namespace OriginGuard.Startup;

/// <summary>
/// What the guard lives on while the application runs: ranges and keys, refreshed in the background. Whoever comes first starts it, once: the host's start,
/// or the building of the pipeline on a host that does not know <c>IHostedLifecycleService</c>. It ends with the host, or with the services at the latest.
/// </summary>
internal sealed partial class Supply(
    OptionsInForce options, OptionsSections sections, GuardPlans plans, RangeRefresher ranges, IapKeySources keys, ConnectionGuard connections, ArmingKeeper arming,
    Announcements announcements, GuardClock clock, ILogger<Supply> logger)
{
    // The application listens within 10 seconds whatever the network does, and an authentication scheme beside the guard may wait 3 for its keys.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(6.5);

    private int _isStarted;
    private int _isListening;

    /// <summary>Begins to load, and waits for what comes first, but not for long. Does nothing the second time.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isStarted, 1) == 1)
        {
            return;
        }

        var firstTurns = Begin();
        try
        {
            await Task.WhenAll(firstTurns, keys.WaitForFirstLoadAsync(cancellationToken)).WaitAsync(LongestWait, clock.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Log.StartedWithoutWaiting(logger, LongestWait.TotalSeconds);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told to stop before it has started. The host knows, and ends in order; an exception from here would end the process as a crash does.
        }
    }

    /// <summary>
    /// The same for whoever cannot await: the pipeline, while it is built and before the server listens. Where the host has started the supply this costs nothing.
    /// </summary>
    public void EnsureStarted() => StartAsync(CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>The server listens. Does nothing the second time: whoever knows it says so.</summary>
    public void Started()
    {
        if (Interlocked.Exchange(ref _isListening, 1) == 0)
        {
            announcements.Started(plans.Current);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        keys.Stop();
        try
        {
            await Task.WhenAll(ranges.StopAsync(cancellationToken), arming.StopAsync(cancellationToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host has no more time for us: as at the start.
        }
    }

    private Task Begin()
    {
        var firstTurns = Task.CompletedTask;
        options.BetweenReloads(() =>
        {
            var plan = plans.Current;
            announcements.InForce(plan);
            firstTurns = Task.WhenAll(ranges.StartAsync(plan.Options.SourceAddress, plan.Address.IsOn), arming.StartAsync(plan.Options, plan.IsArmed));
            Follow();
        });
        return firstTurns;
    }

    private void Follow() => plans.Then(
        new("the arming report", (_, now) => arming.Use(now.Options, now.IsArmed)),
        new("the refreshing of the ranges", Refresh),
        new("open connections", (_, _) => connections.Review()),
        new("the lines of the log", (_, now) => announcements.InForce(now)));

    private void Refresh(GuardPlan? before, GuardPlan now)
    {
        // What concerns neither the records nor how they are asked for is no reason to ask again.
        if (before is null || sections.Differences(before.Options, now.Options).Any(IsAboutRanges))
        {
            ranges.Use(now.Options.SourceAddress, now.Address.IsOn);
        }
    }

    private static bool IsAboutRanges(string key) => key == $"{OriginGuardOptions.SectionName}:Mode"
        || key.StartsWith($"{OriginGuardOptions.SectionName}:{nameof(OriginGuardOptions.SourceAddress)}:", StringComparison.Ordinal)
        || key.StartsWith($"{OriginGuardOptions.SectionName}:{nameof(OriginGuardOptions.Dns)}:", StringComparison.Ordinal);
}
