using Microsoft.Extensions.Diagnostics.HealthChecks;
using OriginGuard.PublishedLists;

namespace OriginGuard.Ranges;

/// <summary>What the ranges in force look like from outside.</summary>
internal static class RangesHealth
{
    /// <summary>Whether there is what a request needs, and as fresh as it should be.</summary>
    public static HealthCheckResult Check(RangeSnapshot snapshot, RecordStatus[] records, ListsStatus? lists, TimeProvider time)
    {
        var origin = WorstOrigin(snapshot, time);
        var age = OldestAge(snapshot, time) ?? TimeSpan.Zero;
        Dictionary<string, object> data = new()
        {
            ["ranges.source"] = origin.ToName(),
            ["ranges.ageSeconds"] = (long)age.TotalSeconds,
            ["ranges.networks"] = CountNetworks(snapshot, time),
        };
        foreach (var record in records)
        {
            data[$"ranges.{record.Name}.lastError"] = record.LastError ?? "";
            data[$"ranges.{record.Name}.nextAttempt"] = record.NextAttempt?.ToString("O") ?? "";
        }

        if (lists is not null)
        {
            data["ranges.lists.source"] = lists.Source;
            data["ranges.lists.lastError"] = lists.LastError ?? "";
        }

        var (status, complaint) = Judge(snapshot, origin, age, time);
        string[] ended = [.. records.Where(static record => record.HasStopped).Select(static record => $"The refreshing of {record.Name} has ended; restart the application.")];
        string[] complaints = complaint is null ? ended : [.. ended, complaint];
        return new HealthCheckResult(ended.Length > 0 ? HealthStatus.Unhealthy : status, complaints.Length == 0 ? null : string.Join(" ", complaints), data: data);
    }

    /// <summary>How many networks admit somebody: those of ranges that are too old do not.</summary>
    public static long CountNetworks(RangeSnapshot snapshot, TimeProvider time)
    {
        var count = 0;
        foreach (var part in snapshot.Parts)
        {
            count += part.IsUsable(time, snapshot.MaxAge) ? part.Trie.Count : 0;
        }

        return count;
    }

    /// <summary>Whether a record has no ranges, or ones that are too old.</summary>
    public static bool IsIncomplete(RangeSnapshot snapshot, TimeProvider time)
    {
        foreach (var part in snapshot.Parts)
        {
            if (!part.IsUsable(time, snapshot.MaxAge))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The age of the oldest record, or null when no record has ranges.</summary>
    public static TimeSpan? OldestAge(RangeSnapshot snapshot, TimeProvider time)
    {
        TimeSpan? oldest = null;
        foreach (var part in snapshot.Parts)
        {
            if (part.Origin is not (RangeOrigin.Static or RangeOrigin.None) && (oldest is null || part.Age(time) > oldest))
            {
                oldest = part.Age(time);
            }
        }

        return oldest;
    }

    /// <summary>The least trustworthy origin among what is in force; none when nothing usable is.</summary>
    public static RangeOrigin WorstOrigin(RangeSnapshot snapshot, TimeProvider time)
    {
        RangeOrigin? worst = null;
        foreach (var part in snapshot.Parts)
        {
            if (part.IsUsable(time, snapshot.MaxAge) && (worst is null or RangeOrigin.Static || (part.Origin > worst && part.Origin is not RangeOrigin.Static)))
            {
                worst = part.Origin;
            }
        }

        return worst ?? RangeOrigin.None;
    }

    public static string ToName(this RangeOrigin origin) => origin switch
    {
        RangeOrigin.Dns => "dns",
        RangeOrigin.Static => "static",
        RangeOrigin.Snapshot => "snapshot",
        RangeOrigin.BuiltIn => "built-in",
        _ => "none",
    };

    private static string? Doubt(RangeSnapshot snapshot)
    {
        foreach (var part in snapshot.Parts)
        {
            if (part.Corroborated.Result is Corroboration.Doubted)
            {
                return part.Corroborated.Objection;
            }
        }

        return null;
    }

    private static (HealthStatus Status, string? Complaint) Judge(RangeSnapshot snapshot, RangeOrigin origin, TimeSpan age, TimeProvider time) =>
        origin is RangeOrigin.None
            ? (HealthStatus.Unhealthy, "There are no usable ranges: every request that SourceAddress:Networks does not admit is undetermined (503 while the layer is enforced).")
        : IsIncomplete(snapshot, time)
            ? (HealthStatus.Degraded, "A record has no usable ranges: requests from outside the others are undetermined (503 while the layer is enforced).")
        : origin is RangeOrigin.Snapshot or RangeOrigin.BuiltIn
            ? (HealthStatus.Degraded, $"DNS has not given a usable answer yet; ranges in force: {origin.ToName()}.")
        : Doubt(snapshot) is { } doubt
            ? (HealthStatus.Degraded, $"An old copy of Google's lists denies the ranges in force, and newer lists cannot be fetched: {doubt}.")
        : age >= snapshot.MaxAge / 2
            ? (HealthStatus.Degraded, $"The ranges are {age} old, at least half of MaxAge ({snapshot.MaxAge}): the refresh keeps failing.")
        : (HealthStatus.Healthy, null);
}
