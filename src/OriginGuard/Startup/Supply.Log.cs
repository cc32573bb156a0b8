using Microsoft.Extensions.Logging;

namespace OriginGuard.Startup;

internal sealed partial class Supply
{
    private static partial class Log
    {
        [LoggerMessage(4005, LogLevel.Warning, "The first load is not done after {Seconds} seconds; the application starts without it and the guard goes on trying.",
            EventName = "StartedWithoutWaiting")]
        public static partial void StartedWithoutWaiting(ILogger logger, double seconds);
    }
}
