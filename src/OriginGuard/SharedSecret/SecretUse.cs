namespace OriginGuard.SharedSecret;

/// <summary>How much a secret is in use since it came into force.</summary>
/// <param name="Matches">Requests that went on by it.</param>
/// <param name="LastSeen">When the last of them was, within the five seconds of a look; null for none.</param>
/// <param name="SeenAt">The same in the time that was watched.</param>
/// <param name="LongestPause">The longest time watched between two of them.</param>
internal readonly record struct SecretUse(long Matches, DateTimeOffset? LastSeen, TimeSpan SeenAt, TimeSpan LongestPause)
{
    /// <summary>After another look.</summary>
    public SecretUse Look(long matches, DateTimeOffset now, TimeSpan watched) => matches == Matches ? this
        : new SecretUse(matches, now, watched, LastSeen is not null && watched - SeenAt > LongestPause ? watched - SeenAt : LongestPause);
}
