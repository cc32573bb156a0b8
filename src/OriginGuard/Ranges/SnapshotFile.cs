using Microsoft.Extensions.Logging;
using OriginGuard.PublishedLists;
using OriginGuard.Surroundings;

namespace OriginGuard.Ranges;

/// <summary>
/// Keeps the last known good ranges across restarts. A bad file costs a warning, never the guard: it is ignored whole, and a file that cannot be
/// written, or holds something else, is only not written.
/// </summary>
internal sealed partial class SnapshotFile(CurrentRanges ranges, TimeProvider time, ILogger<SnapshotFile> logger)
{
    private const int MostBytes = 4 * 1024 * 1024;

    private bool _writeFailed;

    /// <summary>The ranges of a record as they were saved, if they are sound and young enough.</summary>
    public RecordRanges? Load(string recordName, SourceAddressOptions options)
    {
        if (options.SnapshotPath is not { } path)
        {
            return null;
        }

        try
        {
            var records = SnapshotText.Parse(KeptFile.Read(path, MostBytes));
            return records.FirstOrDefault(record => string.Equals(record.Name, recordName, StringComparison.OrdinalIgnoreCase)) is { } saved
                ? Accept(saved, options)
                : null;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            // The first start, or nothing has ever been written.
            return null;
        }
        catch (Exception failure)
        {
            Log.SnapshotIgnored(logger, KeptFile.Shown(path), KeptFile.Reason(failure, path));
            return null;
        }
    }

    /// <summary>Saves what came from DNS, or still comes from an earlier snapshot. One caller at a time.</summary>
    public void Save(RangeSnapshot snapshot, SourceAddressOptions options)
    {
        if (options.SnapshotPath is not { } path)
        {
            return;
        }

        List<SnapshotRecord> records = [];
        foreach (var part in snapshot.Parts)
        {
            if (part.Origin is RangeOrigin.Dns or RangeOrigin.Snapshot)
            {
                records.Add(new SnapshotRecord(part.Name, part.LoadedAt, part.TimeToLive, part.Networks, part.Corroborated.Result is Corroboration.Confirmed));
            }
        }

        try
        {
            ThrowIfForeign(path);
            KeptFile.Replace(path, SnapshotText.Format(records));
            _writeFailed = false;
        }
        catch (Exception failure)
        {
            GiveUp(path, KeptFile.Reason(failure, path));
        }
    }

    /// <summary>The disk hangs, and the application ends.</summary>
    public void GiveUp(SourceAddressOptions options)
    {
        if (options.SnapshotPath is { } path)
        {
            GiveUp(path, DiskLane.HangsFor);
        }
    }

    /// <summary>A secret, or the configuration: named by mistake, it must not be lost.</summary>
    /// <exception cref="FormatException">The file holds something else.</exception>
    private static void ThrowIfForeign(string path)
    {
        // A pipe has no length, and whoever reads one may wait for ever; nor has a device.
        if (new FileInfo(KeptFile.TargetOf(path)) is { Exists: true, Length: > 0 } && SnapshotText.IsForeign(KeptFile.Read(path, MostBytes)))
        {
            throw new FormatException("it holds something else, and is left as it is; name a file of its own in SourceAddress:SnapshotPath");
        }
    }

    private void GiveUp(string path, string reason)
    {
        var shown = KeptFile.Shown(path);
        Log.SnapshotNotWritten(logger, _writeFailed ? LogLevel.Debug : LogLevel.Warning, shown, reason);
        _writeFailed = true;
    }

    private RecordRanges Accept(SnapshotRecord saved, SourceAddressOptions options)
    {
        // The file is input like any other: what a record may not say, a file may not say either.
        if (RangeRules.FirstBreach(saved.Networks, options) is { } breach)
        {
            throw new FormatException($"{saved.Name}: {breach.Detail}");
        }

        // From the future: then the clock was wrong, by as much at least, when the file was written or is wrong now. What cannot be dated counts
        // as old as it is far away; as new it would come back young at every restart.
        var age = (time.GetUtcNow() - saved.LoadedAt).Duration();
        return age < options.MaxAge
            ? ranges.NewPart(
                saved.Name, saved.Networks, RangeOrigin.Snapshot, saved.TimeToLive, age, saved.IsConfirmed ? new Corroborated(Corroboration.Confirmed, null) : default)
            : throw new FormatException($"{saved.Name} is dated {saved.LoadedAt:u}, which is {age} from now; MaxAge is {options.MaxAge}");
    }
}
