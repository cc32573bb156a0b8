using Microsoft.Extensions.Logging;

namespace OriginGuard.Configuration;

internal sealed partial class OptionsInForce
{
    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Information, "The changed configuration is in force. Changed: {Keys}.", EventName = "OptionsReloaded")]
        public static partial void OptionsReloaded(ILogger logger, string keys);

        [LoggerMessage(4002, LogLevel.Error, "The changed configuration is not used; what was in force stays in force. {Mistake}",
            EventName = "ReloadRefused")]
        public static partial void ReloadRefused(ILogger logger, string mistake);

        [LoggerMessage(4003, LogLevel.Error, "The changed configuration could not be read; what was in force stays in force.",
            EventName = "ReloadFailed")]
        public static partial void ReloadFailed(ILogger logger, Exception exception);
    }
}
