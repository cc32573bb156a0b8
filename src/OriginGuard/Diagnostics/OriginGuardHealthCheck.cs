using Microsoft.Extensions.Diagnostics.HealthChecks;
using OriginGuard.Guard;
using OriginGuard.Iap;
using OriginGuard.Ranges;

namespace OriginGuard.Diagnostics;

/// <summary>
/// The guard's own health. Unhealthy: requests are undetermined, or a refresh has ended. Degraded: it works from something older or other than
/// what it should.
/// </summary>
internal sealed class OriginGuardHealthCheck(
    CurrentSettings settings, CurrentRanges ranges, RangeRefresher refresher, GuardedPipeline pipeline, UnaskedAnswers unasked) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Dictionary<string, object> data = [];
        List<string> complaints = [];
        var plan = settings.Value;
        var current = plan.Options;
        var status = CheckPlace(current, complaints);
        if (current.Mode is not LayerMode.Disabled && current.SourceAddress.IsConfigured && current.SourceAddress.Mode is not LayerMode.Disabled)
        {
            status = Worse(status, CheckRanges(plan.Ranges.Snapshot, data, complaints));
        }

        if (current.Mode is not LayerMode.Disabled && current.Iap.IsConfigured && current.Iap.Mode is not LayerMode.Disabled)
        {
            status = Worse(status, CheckKeys(plan.Iap?.KeyStatus ?? default, data, complaints));
        }

        return Task.FromResult(new HealthCheckResult(
            status, complaints.Count == 0 ? "The guard has what it needs." : string.Join(" ", complaints), data: data));
    }

    private HealthStatus CheckPlace(OriginGuardOptions current, List<string> complaints)
    {
        if (current.Mode is LayerMode.Disabled)
        {
            return HealthStatus.Healthy;
        }

        var before = complaints.Count;
        complaints.AddRange(pipeline.Faults);
        if (complaints.Count > before)
        {
            return current.Mode is LayerMode.Enforce ? HealthStatus.Unhealthy : HealthStatus.Degraded;
        }

        // Degraded and no more: whoever sends the request must not be able to have the origin taken out of service.
        if (unasked.Any)
        {
            complaints.Add("Something in front of the guard has answered a request (4016).");
        }

        return unasked.Any ? HealthStatus.Degraded : HealthStatus.Healthy;
    }

    private HealthStatus CheckRanges(RangeSnapshot snapshot, Dictionary<string, object> data, List<string> complaints)
    {
        var origin = RangesHealth.WorstOrigin(snapshot, ranges.Time);
        var age = RangesHealth.OldestAge(snapshot, ranges.Time) ?? TimeSpan.Zero;
        data["ranges.source"] = origin.ToName();
        data["ranges.ageSeconds"] = (long)age.TotalSeconds;
        data["ranges.networks"] = RangesHealth.CountNetworks(snapshot);
        var status = HealthStatus.Healthy;
        foreach (var record in refresher.Status)
        {
            data[$"ranges.{record.Name}.lastError"] = record.LastError ?? "";
            data[$"ranges.{record.Name}.nextAttempt"] = record.NextAttempt?.ToString("O") ?? "";
            if (record.HasStopped)
            {
                complaints.Add($"The refreshing of {record.Name} has ended; restart the application.");
                status = HealthStatus.Unhealthy;
            }
        }

        return Worse(status, Judge(snapshot, origin, age, complaints));
    }

    private HealthStatus Judge(RangeSnapshot snapshot, RangeOrigin origin, TimeSpan age, List<string> complaints)
    {
        if (origin is RangeOrigin.None)
        {
            complaints.Add("There are no usable ranges: every request is undetermined (503).");
            return HealthStatus.Unhealthy;
        }

        if (RangesHealth.IsIncomplete(snapshot, ranges.Time))
        {
            complaints.Add("A record has no usable ranges: requests from outside the others are undetermined (503).");
        }
        else if (origin is RangeOrigin.Snapshot or RangeOrigin.BuiltIn)
        {
            complaints.Add($"DNS has not answered yet; ranges in force: {origin.ToName()}.");
        }
        else if (age >= snapshot.MaxAge / 2)
        {
            complaints.Add($"The ranges are {age} old, at least half of MaxAge ({snapshot.MaxAge}): the refresh keeps failing.");
        }
        else
        {
            return HealthStatus.Healthy;
        }

        return HealthStatus.Degraded;
    }

    private static HealthStatus CheckKeys(IapKeyStatus keys, Dictionary<string, object> data, List<string> complaints)
    {
        data["iap.keys"] = keys.Count;
        data["iap.ageSeconds"] = (long)(keys.Age ?? TimeSpan.Zero).TotalSeconds;
        data["iap.lastError"] = keys.LastError ?? "";
        if (keys.Count == 0)
        {
            complaints.Add("No IAP keys have been loaded: every request with an assertion is undetermined (503).");
            return HealthStatus.Unhealthy;
        }

        if (keys.LastError is not null)
        {
            complaints.Add("The last refresh of the IAP keys failed; the last known good ones are in force.");
            return HealthStatus.Degraded;
        }

        return HealthStatus.Healthy;
    }

    private static HealthStatus Worse(HealthStatus left, HealthStatus right) => left < right ? left : right;
}
