using Microsoft.Extensions.Logging;
using OriginGuard.Surroundings;

namespace OriginGuard.Arming;

/// <summary>Keeps the account over restarts. A file that holds something else is left as it is; one that cannot be written is only not written.</summary>
internal sealed partial class ArmingFile(ILogger<ArmingFile> logger)
{
    private readonly HashSet<string> _own = [];
    private string? _verified;
    private string? _foreign;
    private bool _failed;

    /// <summary>Where the report lies; null where it is kept in memory alone.</summary>
    public static string? PathOf(OriginGuardOptions options) =>
        options.Arming.ReportPath ?? (options.SourceAddress.SnapshotPath is { } snapshot ? $"{snapshot}.arming.json" : null);

    /// <summary>What was kept, for a process that begins; null where there is nothing to go on with.</summary>
    public ArmingState? Load(string path)
    {
        _own.Add(path);
        return Read(path);
    }

    private ArmingState? Read(string path)
    {
        _verified = path;
        try
        {
            return ArmingText.Parse(KeptFile.Read(path, ArmingText.MostBytes));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            // The first start, or what was foreign has been taken away.
            _foreign = null;
            return null;
        }
        catch (FormatException foreign)
        {
            LeaveAlone(path, foreign.Message);
            return null;
        }
        catch (Exception failure)
        {
            // What cannot be read is not overwritten either: it may be a good account.
            _foreign = path;
            GiveUp(path, KeptFile.Reason(failure, path));
            return null;
        }
    }

    /// <returns>Whether it was written.</returns>
    public bool Save(string path, ArmingState state)
    {
        if (path != _verified || path == _foreign)
        {
            // Named by a reload, or somebody else's the last time, until it is gone: also a good account that could not be read at the start is left to the next one.
            if (Read(path) is not null && !_own.Contains(path))
            {
                LeaveAlone(path, "it holds an account of another time, which is read at a start only: restart to go on with it");
            }
        }

        if (path == _foreign)
        {
            return false;
        }

        try
        {
            KeptFile.Replace(path, ArmingText.Write(state));
            _own.Add(path);
            _failed = false;
            return true;
        }
        catch (Exception failure)
        {
            GiveUp(path, KeptFile.Reason(failure, path));
            return false;
        }
    }

    /// <summary>The report is not kept any more, or not this time.</summary>
    public void GiveUp(string path, string reason)
    {
        var shown = KeptFile.Shown(path);
        Log.ReportNotKept(logger, _failed ? LogLevel.Debug : LogLevel.Warning, shown, reason);
        _failed = true;
    }

    private void LeaveAlone(string path, string reason)
    {
        if (_foreign != path)
        {
            Log.ReportForeign(logger, KeptFile.Shown(path), reason);
        }

        _foreign = path;
    }
}
