using Microsoft.Extensions.Logging;
using OriginGuard.PublishedLists;

namespace OriginGuard.Ranges;

/// <summary>What stands in for a record until DNS has answered: its snapshot, or else the built-in ranges, or else nothing.</summary>
internal sealed partial class StandInRanges(CurrentRanges ranges, SnapshotFile snapshots, RangeJudge judge, ILogger<StandInRanges> logger)
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
        if (ranges.Record(name) is { Origin: RangeOrigin.BuiltIn } unwanted && !options.UseBuiltInRanges)
        {
            ranges.TryReplace(unwanted, ranges.NewPart(name, [], RangeOrigin.None));
        }

        // What is built in may be in force already, while the disk hung.
        if (ranges.Record(name) is not { Origin: RangeOrigin.None or RangeOrigin.BuiltIn } current)
        {
            return;
        }

        if (Corroborated(snapshots.Load(name, options), options) is not { } saved)
        {
            UseBuiltIn(name, options);
        }
        else if (ranges.TryReplace(current, saved))
        {
            Log.StartedFromSnapshot(logger, name, saved.Trie.Count, saved.Age(ranges.Time));
        }
    }

    /// <summary>Finds what needs no disk for a record that has no ranges.</summary>
    public void UseBuiltIn(string name, SourceAddressOptions options)
    {
        if (ranges.Record(name) is { Origin: RangeOrigin.None } nothing
            && options.UseBuiltInRanges && BuiltInRanges.StandFor(name) && RangeRules.FirstBreach(BuiltInRanges.Networks, options) is null
            && Corroborated(ranges.NewPart(name, BuiltInRanges.Networks, RangeOrigin.BuiltIn), options) is { } builtIn && ranges.TryReplace(nothing, builtIn))
        {
            Log.StartedFromBuiltIn(logger, name, BuiltInRanges.Networks.Count, BuiltInRanges.DocumentedOn);
        }
    }

    /// <summary>
    /// The lists are asked about a stand-in as they are about an answer; null when they deny it. As with an answer, what fresh ones have confirmed before stays.
    /// </summary>
    private RecordRanges? Corroborated(RecordRanges? standIn, SourceAddressOptions options)
    {
        if (standIn is null)
        {
            return null;
        }

        var said = judge.Ask(standIn.Name, standIn.Networks, options).After(standIn.Corroborated);
        if (said.Objection is { } objection)
        {
            Log.StandInDoubted(logger, standIn.Origin.ToName(), standIn.Name, objection, said.Result is Corroboration.Denied ? "not used" : "used, until fresh lists decide");
        }

        return said.Result is Corroboration.Denied ? null : standIn.With(said);
    }
}
