namespace OriginGuard.PublishedLists;

/// <summary>Which lists there are to compare with, and how their refreshing goes. Immutable.</summary>
/// <param name="Networks">The lists in use.</param>
/// <param name="FetchedAt">When they were fetched, on the monotonic clock; null for the copy that is built in.</param>
/// <param name="LastError">Why the last fetch failed; null when it did not.</param>
internal sealed record ListsStatus(GoogleNetworks Networks, long? FetchedAt, string? LastError)
{
    public static ListsStatus BuiltIn => new(BuiltInNetworks.Networks, null, null);

    /// <summary><c>fetched</c> or <c>built-in</c>.</summary>
    public string Source => FetchedAt is null ? "built-in" : "fetched";

    /// <summary>Lists that have come this moment.</summary>
    public static ListsStatus Fetched(GoogleNetworks networks, TimeProvider time) => new(networks, time.GetTimestamp(), null);

    /// <summary>How long ago the lists were fetched; null for the copy that is built in.</summary>
    public TimeSpan? Age(TimeProvider time) => FetchedAt is { } at ? time.GetElapsedTime(at) : null;
}
