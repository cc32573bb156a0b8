using Microsoft.Extensions.Logging;

namespace OriginGuard.Iap;

internal sealed partial class IapSchemes
{
    private static partial class Log
    {
        [LoggerMessage(4520, LogLevel.Error, "The changed options of the authentication scheme {Scheme} are not in force, the former ones stay: {Reason}",
            EventName = "IapReloadRefused")]
        public static partial void ReloadRefused(ILogger logger, string scheme, string reason);
    }
}
