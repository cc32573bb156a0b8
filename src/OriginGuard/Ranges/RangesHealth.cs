namespace OriginGuard.Ranges;

/// <summary>What the ranges in force look like from outside.</summary>
internal static class RangesHealth
{
    public static long CountNetworks(RangeSnapshot snapshot)
    {
        var count = 0;
        foreach (var part in snapshot.Parts)
        {
            count += part.Trie.Count;
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
}
