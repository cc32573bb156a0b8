using Microsoft.Extensions.Logging;

namespace OriginGuard.Ranges;

internal sealed partial class SnapshotFile
{
    private static partial class Log
    {
        [LoggerMessage(4121, LogLevel.Warning, "The snapshot {Path} is ignored: {Reason}. The next refresh that succeeds writes a new one, unless it is another file.", EventName = "SnapshotIgnored")]
        public static partial void SnapshotIgnored(ILogger logger, string path, string reason);

        [LoggerMessage(EventId = 4122, Message = "The snapshot {Path} could not be written: {Reason}. The ranges are in force all the same; a restart while DNS does not answer knows only what was written before.",
            EventName = "SnapshotNotWritten")]
        public static partial void SnapshotNotWritten(ILogger logger, LogLevel level, string path, string reason);
    }
}
