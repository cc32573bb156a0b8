using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OriginGuard.Configuration;
using OriginGuard.Connections;
using OriginGuard.Iap;
using OriginGuard.Ranges;

namespace OriginGuard;

/// <summary>Loads what the guard needs before the server listens, for a bounded time, and ends the background work with the application.</summary>
internal sealed partial class OriginGuardHostedService(
    OptionsInForce options, CurrentSettings settings, RangeRefresher ranges, IapKeySources keys, ConnectionGuard connections, Announcements announcements,
    TimeProvider time, ILogger<OriginGuardHostedService> logger) : IHostedLifecycleService
{
    // The application listens within 10 seconds whatever the network does, and an authentication scheme beside the guard may wait 3 for its keys.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(6.5);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        Task? firstTurns = null;
        options.BetweenReloads(() =>
        {
            var plan = settings.Value;
            announcements.InForce(plan.Options, plan);
            firstTurns = ranges.StartAsync(plan.Options.SourceAddress, IsAddressOn(plan.Options));
            settings.Then(
                new("the refreshing of the ranges", (before, now) => Refresh(before, now)),
                new("open connections", (_, _) => connections.Review()),
                new("the lines of the log", (_, now) => announcements.InForce(now.Options, now)));
        });

        try
        {
            await Task.WhenAll(firstTurns ?? Task.CompletedTask, keys.WaitForFirstLoadAsync(cancellationToken)).WaitAsync(LongestWait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            Log.StartedWithoutWaiting(logger, LongestWait);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        announcements.Started(options.Current, settings.Value);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => ranges.StopAsync(cancellationToken);

    private void Refresh(GuardSettings? before, GuardSettings now)
    {
        // What concerns neither the records nor how they are asked for is no reason to ask again.
        if (before is null || SettingValues.Differences(before.Options, now.Options).Any(IsAboutRanges))
        {
            ranges.Use(now.Options.SourceAddress, IsAddressOn(now.Options));
        }
    }

    private static bool IsAboutRanges(string key) => key == $"{OriginGuardOptions.SectionName}:Mode"
        || key.StartsWith($"{OriginGuardOptions.SectionName}:{nameof(OriginGuardOptions.SourceAddress)}:", StringComparison.Ordinal)
        || key.StartsWith($"{OriginGuardOptions.SectionName}:{nameof(OriginGuardOptions.Dns)}:", StringComparison.Ordinal);

    private static bool IsAddressOn(OriginGuardOptions options) =>
        options.Mode is not LayerMode.Disabled && options.SourceAddress.Mode is not LayerMode.Disabled;
}
