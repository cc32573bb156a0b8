using System.Net;
using OriginGuard.PublishedLists;

namespace OriginGuard.Ranges;

/// <summary>
/// The ranges of one record, or the configured networks, as they were last loaded. Immutable.
/// </summary>
/// <param name="name">The record's name; empty for the configured networks.</param>
/// <param name="networks">The networks.</param>
/// <param name="origin">Where they come from.</param>
/// <param name="loadedAt">When they were loaded, on the wall clock, for logs and the snapshot.</param>
/// <param name="loadedTimestamp">The same moment on the monotonic clock, by which age is measured.</param>
/// <param name="timeToLive">What the record said.</param>
/// <param name="corroborated">What Google's lists say about them.</param>
internal sealed class RecordRanges(
    string name, IReadOnlyList<IPNetwork> networks, RangeOrigin origin, DateTimeOffset loadedAt, long loadedTimestamp, TimeSpan timeToLive, Corroborated corroborated = default)
{
    public string Name => name;

    public IReadOnlyList<IPNetwork> Networks => networks;

    public CidrTrie Trie { get; } = CidrTrie.Create(networks);

    public RangeOrigin Origin => origin;

    public DateTimeOffset LoadedAt => loadedAt;

    public TimeSpan TimeToLive => timeToLive;

    public Corroborated Corroborated => corroborated;

    /// <summary>The same ranges, of which the lists say something else by now.</summary>
    public RecordRanges With(Corroborated said) => new(name, networks, origin, loadedAt, loadedTimestamp, timeToLive, said);

    public bool IsUsable(TimeProvider time, TimeSpan maxAge) => origin switch
    {
        RangeOrigin.Static => true,
        RangeOrigin.None => false,
        _ => Age(time) < maxAge,
    };

    public TimeSpan Age(TimeProvider time) => origin is RangeOrigin.Static or RangeOrigin.None ? TimeSpan.Zero : time.GetElapsedTime(loadedTimestamp);
}
