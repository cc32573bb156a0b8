using System.Net;

namespace OriginGuard.Ranges;

/// <summary>Publishes the ranges in force. A request reads one snapshot; whoever changes a part publishes a new one.</summary>
internal sealed class CurrentRanges(TimeProvider time)
{
    private readonly Lock _publish = new();
    private readonly Dictionary<string, RangePart> _records = new(StringComparer.OrdinalIgnoreCase);
    private RangePart[] _configured = [];
    private TimeSpan _maxAge = TimeSpan.MaxValue;
    private volatile RangeSnapshot _snapshot = new([], TimeSpan.MaxValue);

    /// <summary>
    /// Raised when a record has other networks than before, outside of any lock; not when only their age changed. Nor by <see cref="Use"/>: who changes the
    /// options knows.
    /// </summary>
    public event Action? Changed;

    public RangeSnapshot Snapshot => _snapshot;

    /// <summary>The clock by which the ranges grow old.</summary>
    public TimeProvider Time => time;

    /// <summary>Takes over the configured networks, the age limit and the names: a name that is new has no ranges yet, one that has gone is dropped.</summary>
    public void Use(SourceAddressOptions options)
    {
        lock (_publish)
        {
            string[] names = options.RecordNames ?? [];
            foreach (var gone in _records.Keys.Except(names, StringComparer.OrdinalIgnoreCase).ToArray())
            {
                _records.Remove(gone);
            }

            foreach (var name in names)
            {
                _records.TryAdd(name, NewPart(name, [], RangeOrigin.None));
            }

            _configured = options.Networks is { Length: > 0 } networks ? [NewPart("", networks, RangeOrigin.Static)] : [];
            _maxAge = options.MaxAge;
            PublishSnapshot();
        }
    }

    /// <summary>The part of a record, if the record is still configured.</summary>
    public RangePart? Record(string name)
    {
        lock (_publish)
        {
            return _records.GetValueOrDefault(name);
        }
    }

    /// <summary>Puts new ranges of a record in force. Ignored when the record is no longer configured.</summary>
    public void Publish(RangePart part)
    {
        RangePart? before;
        lock (_publish)
        {
            if (!_records.TryGetValue(part.Name, out before))
            {
                return;
            }

            _records[part.Name] = part;
            PublishSnapshot();
        }

        TellOfChange(before, part);
    }

    /// <summary>Puts ranges in force in place of what the caller has seen, and only of that: an answer that came meanwhile stays.</summary>
    public bool TryReplace(RangePart seen, RangePart part)
    {
        lock (_publish)
        {
            if (!ReferenceEquals(_records.GetValueOrDefault(part.Name), seen))
            {
                return false;
            }

            _records[part.Name] = part;
            PublishSnapshot();
        }

        TellOfChange(seen, part);
        return true;
    }

    /// <summary>A part that was loaded now, or <paramref name="age"/> ago.</summary>
    public RangePart NewPart(string name, IReadOnlyList<IPNetwork> networks, RangeOrigin origin, TimeSpan timeToLive = default, TimeSpan age = default) => new(
        name, networks, origin, time.GetUtcNow() - age, time.GetTimestamp() - (long)(age.TotalSeconds * time.TimestampFrequency), timeToLive);

    private void TellOfChange(RangePart before, RangePart after)
    {
        if (Changed is { } changed && !new RangeDifference(before.Networks, after.Networks).IsEmpty)
        {
            changed();
        }
    }

    private void PublishSnapshot() => _snapshot = new RangeSnapshot([.. _records.Values, .. _configured], _maxAge);
}
