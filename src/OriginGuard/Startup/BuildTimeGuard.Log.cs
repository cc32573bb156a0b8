using Microsoft.Extensions.Logging;

namespace OriginGuard.Startup;

internal sealed partial class BuildTimeGuard
{
    private static partial class Log
    {
        [LoggerMessage(4031, LogLevel.Information,
            "This process only describes the application at build time: the guard reads no secret, asks nobody, and refuses every request.",
            EventName = "NotStartedAtBuildTime")]
        public static partial void NotStartedAtBuildTime(ILogger logger);
    }
}
