using System.Net;
using OriginGuard.PublishedLists;

namespace OriginGuard.Ranges;

/// <summary>
/// Brings the ranges that are loaded to the configuration in force, and to the one that is about to follow it: between the making of a plan and its coming
/// into force nothing is missed.
/// </summary>
internal sealed class CurrentRanges
{
    private readonly TimeProvider _time;
    private readonly Lock _publish = new();
    private PlannedRanges? _next;
    private volatile PlannedRanges _current;

    public CurrentRanges(TimeProvider time)
    {
        _time = time;
        _current = new PlannedRanges(new SourceAddressOptions { MaxAge = TimeSpan.MaxValue }, NewPart("", [], RangeOrigin.Static), []);
    }

    /// <summary>
    /// Raised when a record has other networks than before, outside of any lock; not when only their age changed. Nor by <see cref="Use"/>: who changes the
    /// options knows.
    /// </summary>
    public event Action? Changed;

    /// <summary>The ranges of the configuration in force. A request reads those of the plan that it came under.</summary>
    public RangeSnapshot Snapshot => _current.Snapshot;

    /// <summary>The clock by which the ranges grow old.</summary>
    public TimeProvider Time => _time;

    /// <summary>The ranges of a configuration that is not in force yet: a record that it has in common with the one in force keeps what is known of it.</summary>
    public PlannedRanges Prepare(SourceAddressOptions options)
    {
        lock (_publish)
        {
            return _next = new PlannedRanges(
                options,
                NewPart("", options.Networks ?? [], RangeOrigin.Static),
                (options.RecordNames ?? []).Select(name => _current.Known(name) ?? NewPart(name, [], RangeOrigin.None)));
        }
    }

    /// <summary>The configuration of a plan is in force.</summary>
    public void Use(PlannedRanges plan)
    {
        lock (_publish)
        {
            (_current, _next) = (plan, null);
        }
    }

    /// <summary>What is known of a record, if the record is still configured.</summary>
    public RecordRanges? Record(string name)
    {
        lock (_publish)
        {
            return _current.Known(name);
        }
    }

    /// <summary>Puts new ranges of a record in force. Ignored when the record is no longer configured.</summary>
    public void Publish(RecordRanges part)
    {
        RecordRanges? before;
        lock (_publish)
        {
            before = _current.Known(part.Name);
            Take(part);
        }

        if (before is not null)
        {
            TellOfChange(before, part);
        }
    }

    /// <summary>
    /// Drops what is known of a record, if that is still what the caller has seen, and the configuration that is in force at this moment forbids it. One that is about to follow and
    /// permits it keeps it, whatever stands in meanwhile.
    /// </summary>
    public bool TryDrop(RecordRanges seen, Func<SourceAddressOptions, bool> isForbidden)
    {
        var nothing = NewPart(seen.Name, [], RangeOrigin.None);
        lock (_publish)
        {
            if (!ReferenceEquals(_current.Known(seen.Name), seen) || !isForbidden(_current.Options))
            {
                return false;
            }

            _current.Take(nothing);
            if (_next is { } next && ReferenceEquals(next.Known(seen.Name), seen) && isForbidden(next.Options))
            {
                next.Take(nothing);
            }
        }

        TellOfChange(seen, nothing);
        return true;
    }

    /// <summary>Puts ranges in force in place of what the caller has seen, and only of that: an answer that came meanwhile stays.</summary>
    public bool TryReplace(RecordRanges seen, RecordRanges part)
    {
        lock (_publish)
        {
            if (!ReferenceEquals(_current.Known(part.Name), seen))
            {
                return false;
            }

            _current.Take(part);
            if (_next is { } next && ReferenceEquals(next.Known(part.Name), seen))
            {
                next.Take(part);
            }
        }

        TellOfChange(seen, part);
        return true;
    }

    /// <summary>A part that was loaded now, or <paramref name="age"/> ago.</summary>
    public RecordRanges NewPart(string name, IReadOnlyList<IPNetwork> networks, RangeOrigin origin, TimeSpan timeToLive = default, TimeSpan age = default, Corroborated corroborated = default) => new(
        name, networks, origin, _time.GetUtcNow() - age, _time.GetTimestamp() - (long)(age.TotalSeconds * _time.TimestampFrequency), timeToLive, corroborated);

    private void Take(RecordRanges part)
    {
        _current.Take(part);
        _next?.Take(part);
    }

    private void TellOfChange(RecordRanges before, RecordRanges after)
    {
        if (Changed is { } changed && !new RangeDifference(before.Networks, after.Networks).IsEmpty)
        {
            changed();
        }
    }
}
