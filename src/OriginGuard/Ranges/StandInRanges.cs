using Microsoft.Extensions.Logging;

namespace OriginGuard.Ranges;

/// <summary>What stands in for a record until DNS has answered: its snapshot, or else the built-in ranges, or else nothing.</summary>
internal sealed partial class StandInRanges(CurrentRanges ranges, SnapshotFile snapshots, ILogger<StandInRanges> logger)
{
    /// <summary>Finds a stand-in for each record that has no ranges. What has come from DNS is never replaced, however old it is.</summary>
    public void Use(IEnumerable<string> recordNames, SourceAddressOptions options)
    {
        foreach (var name in recordNames)
        {
            Use(name, options);
        }
    }

    private void Use(string name, SourceAddressOptions options)
    {
        if (ranges.Record(name) is { Origin: RangeOrigin.BuiltIn } builtIn && !options.UseBuiltInRanges)
        {
            ranges.TryReplace(builtIn, ranges.NewPart(name, [], RangeOrigin.None));
        }

        if (ranges.Record(name) is not { Origin: RangeOrigin.None } nothing)
        {
            return;
        }

        if (snapshots.Load(name, options) is { } saved)
        {
            if (ranges.TryReplace(nothing, saved))
            {
                Log.StartedFromSnapshot(logger, name, saved.Trie.Count, saved.Age(ranges.Time));
            }
        }
        else if (options.UseBuiltInRanges && BuiltInRanges.StandFor(name) && RangeRules.FirstBreach(BuiltInRanges.Networks, options) is null)
        {
            if (ranges.TryReplace(nothing, ranges.NewPart(name, BuiltInRanges.Networks, RangeOrigin.BuiltIn)))
            {
                Log.StartedFromBuiltIn(logger, name, BuiltInRanges.Networks.Count, BuiltInRanges.DocumentedOn);
            }
        }
    }
}
