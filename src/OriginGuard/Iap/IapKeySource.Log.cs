using Microsoft.Extensions.Logging;

namespace OriginGuard.Iap;

internal sealed partial class IapKeySource
{
    private static partial class Log
    {
        [LoggerMessage(EventId = 4501, EventName = "IapKeysLoaded",
            Message = "Loaded {Count} IAP keys from {KeysUri} ({Skipped} skipped); next refresh in {Delay}.")]
        public static partial void KeysLoaded(ILogger logger, LogLevel level, int count, string keysUri, int skipped, TimeSpan delay);

        [LoggerMessage(EventId = 4502, EventName = "IapKeysKept",
            Message = "Refresh of the IAP keys from {KeysUri} failed: {Reason}. "
                + "Keeping {Count} keys loaded {Age} ago; next try in {Delay}.")]
        public static partial void KeysKept(
            ILogger logger, LogLevel level, string keysUri, string reason, int count, TimeSpan age, TimeSpan delay);

        [LoggerMessage(EventId = 4503, EventName = "IapKeysUnavailable",
            Message = "No IAP keys yet, so no assertion can be judged (503 while the layer is enforced): {KeysUri} failed: {Reason}. Next try in {Delay}.")]
        public static partial void KeysUnavailable(ILogger logger, LogLevel level, string keysUri, string reason, TimeSpan delay);

        [LoggerMessage(EventId = 4504, Level = LogLevel.Critical, EventName = "IapKeyLoopEnded",
            Message = "The refresh of the IAP keys from {KeysUri} has ended unexpectedly. Keys will not rotate until a restart.")]
        public static partial void LoopEnded(ILogger logger, Exception error, string keysUri);
    }
}
