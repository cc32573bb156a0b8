using Microsoft.Extensions.Logging;

namespace OriginGuard.Arming;

internal sealed partial class ArmingFile
{
    private static partial class Log
    {
        [LoggerMessage(4017, LogLevel.Warning, "The arming report {Path} is left as it is, and nothing is written there: {Reason}. Remove it, or name another file in Arming:ReportPath.",
            EventName = "ArmingReportForeign")]
        public static partial void ReportForeign(ILogger logger, string path, string reason);

        [LoggerMessage(EventId = 4018, Message = "The arming report {Path} is not kept: {Reason}. It goes on in memory, and ends with this process.", EventName = "ArmingReportNotKept")]
        public static partial void ReportNotKept(ILogger logger, LogLevel level, string path, string reason);
    }
}
