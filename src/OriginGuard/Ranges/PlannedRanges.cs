using System.Net;

namespace OriginGuard.Ranges;

/// <summary>
/// The ranges of one configuration: its records, its networks and its age limit. The ranges of a record live on while the configuration is in force, and
/// what they say counts only within the limits of this one: another configuration may have taken what this one forbids. Written under the lock of
/// <see cref="CurrentRanges"/>.
/// </summary>
internal sealed class PlannedRanges
{
    private readonly RecordRanges[] _configured;
    private readonly Dictionary<string, (RecordRanges Known, RecordRanges Allowed)> _records = new(StringComparer.OrdinalIgnoreCase);
    private volatile RangeSnapshot _snapshot;

    /// <param name="options">The configuration.</param>
    /// <param name="configured">Its own networks, or an empty part.</param>
    /// <param name="records">What is known of each of its records.</param>
    public PlannedRanges(SourceAddressOptions options, RecordRanges configured, IEnumerable<RecordRanges> records)
    {
        Options = options;
        _configured = configured.Networks.Count > 0 ? [configured] : [];
        foreach (var part in records)
        {
            _records[part.Name] = (part, Allowed(part));
        }

        _snapshot = NewSnapshot();
    }

    /// <summary>What a request reads once.</summary>
    public RangeSnapshot Snapshot => _snapshot;

    /// <summary>The configuration.</summary>
    public SourceAddressOptions Options { get; }

    /// <summary>What is known of a record, allowed or not; null when the configuration does not name it.</summary>
    public RecordRanges? Known(string name) => _records.TryGetValue(name, out var record) ? record.Known : null;

    /// <summary>Takes newer ranges of a record over. Ignored when the configuration does not name it.</summary>
    public void Take(RecordRanges part)
    {
        if (_records.ContainsKey(part.Name))
        {
            _records[part.Name] = (part, Allowed(part));
            _snapshot = NewSnapshot();
        }
    }

    private RecordRanges Allowed(RecordRanges part) =>
        part.Origin is RangeOrigin.None
        || ((part.Origin is not RangeOrigin.BuiltIn || Options.UseBuiltInRanges) && RangeRules.FirstBreach(part.Networks, Options) is null)
            ? part
            : new RecordRanges(part.Name, Array.Empty<IPNetwork>(), RangeOrigin.None, part.LoadedAt, loadedTimestamp: 0, timeToLive: default);

    private RangeSnapshot NewSnapshot() => new([.. _records.Values.Select(static record => record.Allowed), .. _configured], Options.MaxAge);
}
