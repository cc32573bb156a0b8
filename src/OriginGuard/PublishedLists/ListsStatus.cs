namespace OriginGuard.PublishedLists;

/// <summary>Which lists there are to compare with, and how their refreshing goes. Immutable.</summary>
/// <param name="Networks">The lists in use.</param>
/// <param name="FetchedAt">When they were fetched; null for the copy that is built in.</param>
/// <param name="FetchedTimestamp">The same moment on the monotonic clock.</param>
/// <param name="LastError">Why the last fetch failed; null when it did not.</param>
/// <param name="HasStopped">The refreshing has ended unexpectedly.</param>
internal sealed record ListsStatus(GoogleNetworks Networks, DateTimeOffset? FetchedAt, long FetchedTimestamp, string? LastError, bool HasStopped)
{
    public static ListsStatus BuiltIn => new(BuiltInNetworks.Networks, null, 0, null, HasStopped: false);

    /// <summary><c>fetched</c> or <c>built-in</c>.</summary>
    public string Source => FetchedAt is null ? "built-in" : "fetched";

    /// <summary>How long ago the lists were fetched; null for the copy that is built in.</summary>
    public TimeSpan? Age(TimeProvider time) => FetchedAt is null ? null : time.GetElapsedTime(FetchedTimestamp);
}
