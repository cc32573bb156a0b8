namespace OriginGuard.SharedSecret;

/// <summary>
/// What has been seen of the secrets since they came into force, look by look. Its own time passes only while somebody looks: a clock that leaps and a process that was
/// frozen prove nothing.
/// </summary>
/// <param name="Ring">The secrets.</param>
/// <param name="Since">Since when they are in force.</param>
/// <param name="Uses">How much each secret is in use, the current one first, as of the last look.</param>
/// <param name="LookedAt">When that was.</param>
internal sealed record SecretWatch(SecretRing Ring, DateTimeOffset Since, SecretUse[] Uses, DateTimeOffset LookedAt)
{
    // A look comes every five seconds.
    private static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(1);

    /// <summary>How long it has been watched.</summary>
    public TimeSpan Watched { get; private init; }

    /// <summary>When the first secret was first seen, in the time watched; null while it has not been.</summary>
    public TimeSpan? FirstSeen { get; private init; }

    /// <summary>Requests with the first secret since another one was seen last, without those that asked how far the rotation is.</summary>
    public long Alone { get; private init; }

    private long Questions { get; init; }

    public static SecretWatch Begin(SecretRing ring, DateTimeOffset now) => new(ring, now, new SecretUse[ring.Count], now);

    /// <summary>The time watched, a while after the last look.</summary>
    public TimeSpan WatchedAt(DateTimeOffset now) => Watched + TimeSpan.FromTicks(Math.Clamp((now - LookedAt).Ticks, 0, LongestStep.Ticks));

    /// <summary>After another look at what has been counted.</summary>
    public SecretWatch Look(DateTimeOffset now)
    {
        var watched = WatchedAt(now);
        var questions = Ring.Questions;
        SecretUse[] uses = [.. Uses.Select((use, slot) => use.Look(Ring.MatchesOf(slot), now, watched))];
        var isAnotherSeen = uses.Skip(1).Zip(Uses.Skip(1)).Any(static use => use.First != use.Second);
        return this with
        {
            Uses = uses,
            LookedAt = now,
            Watched = watched,
            FirstSeen = FirstSeen ?? (uses is [{ Matches: > 0 }, ..] ? watched : null),
            Alone = isAnotherSeen || uses.Length == 0 ? 0 : Alone + (uses[0].Matches - Uses[0].Matches) - (questions - Questions),
            Questions = questions,
        };
    }
}
