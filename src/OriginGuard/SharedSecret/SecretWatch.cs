namespace OriginGuard.SharedSecret;

/// <summary>
/// What has been seen of the secrets since they came into force, look by look. Its own time passes only while somebody looks: a clock that leaps and a process that was
/// frozen prove nothing.
/// </summary>
/// <param name="Ring">The secrets.</param>
/// <param name="Uses">How much each secret is in use, the current one first, as of the last look.</param>
/// <param name="LookedAt">When that was.</param>
internal sealed record SecretWatch(SecretRing Ring, SecretUse[] Uses, DateTimeOffset LookedAt)
{
    // A look comes every five seconds.
    private static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(1);

    /// <summary>How long it has been watched.</summary>
    public TimeSpan Watched { get; private init; }

    /// <summary>When the first secret was first seen, in the time watched; null while it has not been.</summary>
    public TimeSpan? FirstSeen { get; private init; }

    /// <summary>Requests with the first secret, without those that asked how far the rotation is.</summary>
    public long Requests { get; private init; }

    /// <summary>How many of them there were when another secret was seen last.</summary>
    public long RequestsBefore { get; private init; }

    public static SecretWatch Begin(SecretRing ring, DateTimeOffset now) => new(ring, new SecretUse[ring.Count], now);

    /// <summary>The time watched, a while after the last look.</summary>
    public TimeSpan WatchedAt(DateTimeOffset now) => Watched + TimeSpan.FromTicks(Math.Clamp((now - LookedAt).Ticks, 0, LongestStep.Ticks));

    /// <summary>After another look at what has been counted.</summary>
    public SecretWatch Look(DateTimeOffset now)
    {
        var watched = WatchedAt(now);
        SecretUse[] uses = [.. Uses.Select((use, slot) => use.Look(Ring.MatchesOf(slot), now, watched))];
        var requests = uses.Length == 0 ? 0 : Math.Max(0, uses[0].Matches - Ring.Questions);
        return new SecretWatch(Ring, uses, now)
        {
            Watched = watched,
            FirstSeen = FirstSeen ?? (uses is [{ Matches: > 0 }, ..] ? watched : null),
            Requests = requests,
            RequestsBefore = uses.Skip(1).Zip(Uses.Skip(1), static (after, before) => after.Matches > before.Matches).Any(static isSeen => isSeen) ? requests : RequestsBefore,
        };
    }
}
