using System.Text;
using Microsoft.Extensions.Logging;

namespace OriginGuard.Ranges;

/// <summary>
/// Keeps the last known good ranges across restarts. A bad file costs a warning, never the guard: it is ignored whole, and a file that cannot be
/// written is only not written.
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
            var records = SnapshotText.Parse(ReadBounded(path));
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
            Log.SnapshotIgnored(logger, Shown(path), Reason(failure, path));
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
                records.Add(new SnapshotRecord(part.Name, part.LoadedAt, part.TimeToLive, part.Networks));
            }
        }

        // A name of its own for each process and turn: two that share the path each rename a whole file into place.
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            Write(temporary, SnapshotText.Format(records));
            File.Move(temporary, path, overwrite: true);
            _writeFailed = false;
        }
        catch (Exception failure)
        {
            var (shown, reason) = (Shown(path), Reason(failure, path));
            Log.SnapshotNotWritten(logger, _writeFailed ? LogLevel.Debug : LogLevel.Warning, shown, reason);
            _writeFailed = true;
            Discard(temporary);
        }
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
            ? ranges.NewPart(saved.Name, saved.Networks, RangeOrigin.Snapshot, saved.TimeToLive, age)
            : throw new FormatException($"{saved.Name} is dated {saved.LoadedAt:u}, which is {age} from now; MaxAge is {options.MaxAge}");
    }

    // A relative path depends on whoever started the process; in the log it must lead somewhere.
    private static string Shown(string path) => Path.IsPathRooted(path) || path.Contains('\0', StringComparison.Ordinal)
        ? path
        : $"{Path.GetFullPath(path)} (relative to the directory that the process was started in)";

    private static string Reason(Exception failure, string path) => Directory.Exists(path) ? "it is a directory; name a file in it" : failure.Message;

    private static string ReadBounded(string path)
    {
        // By what can be read and not by the length that the file claims: that of a device is zero, and its content endless.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[MostBytes + 1];
        var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length <= MostBytes
            ? Encoding.UTF8.GetString(buffer, 0, length)
            : throw new FormatException($"it has more than {MostBytes} bytes");
    }

    private static void Write(string temporary, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(temporary, options);
        file.Write(Encoding.UTF8.GetBytes(text));
        file.Flush(flushToDisk: true);
    }

    private static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // It could not be written either: the warning is out, and nothing reads a file of this name.
        }
    }
}
