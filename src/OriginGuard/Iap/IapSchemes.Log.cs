using Microsoft.Extensions.Logging;

namespace OriginGuard.Iap;

internal sealed partial class IapSchemes
{
    private static partial class Log
    {
        [LoggerMessage(EventId = 4520, Level = LogLevel.Error, EventName = "IapReloadRefused",
            Message = "The changed options of the authentication scheme {Scheme} are not in force, the former ones stay: {Reason}")]
        public static partial void ReloadRefused(ILogger logger, string scheme, string reason);

        [LoggerMessage(EventId = 4521, Level = LogLevel.Warning, EventName = "IapWeakScheme", Message = "{Weakness}")]
        public static partial void WeakScheme(ILogger logger, string weakness);
    }
}
