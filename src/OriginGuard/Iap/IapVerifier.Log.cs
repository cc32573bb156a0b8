using Microsoft.Extensions.Logging;
using OriginGuard.Checks;

namespace OriginGuard.Iap;

/// <summary>
/// At Debug: whoever is signed in can make IAP send each of these (<c>gcp-iap-mode=SECURE_TOKEN_TEST</c>), and whoever reaches the
/// origin can send the rest. An unexpected audience alone is a warning, once.
/// </summary>
internal sealed partial class IapVerifier
{
    private static partial class Log
    {
        public static void AssertionRefused(ILogger logger, RefusalReason reason)
        {
            if (logger.IsEnabled(LogLevel.Debug))
            {
                var code = reason.ToCode();
                AssertionRefused(logger, code);
            }
        }

        [LoggerMessage(EventId = 4510, Level = LogLevel.Debug, EventName = "IapAssertionRefused",
            Message = "The IAP assertion was not accepted: {Reason}.")]
        private static partial void AssertionRefused(ILogger logger, string reason);

        [LoggerMessage(EventId = 4511, Level = LogLevel.Debug, EventName = "IapIssuerRefused",
            Message = "The IAP assertion has the issuer {Actual}; {Expected} is accepted.")]
        public static partial void IssuerRefused(ILogger logger, string expected, string actual);

        [LoggerMessage(EventId = 4512, EventName = "IapAudienceRefused",
            Message = "The IAP assertion is for the audience {Actual}; accepted is {Expected}.")]
        public static partial void AudienceRefused(ILogger logger, LogLevel level, string expected, string actual);

        [LoggerMessage(EventId = 4513, Level = LogLevel.Debug, EventName = "IapTimesRefused",
            Message = "The IAP assertion was issued at {IssuedAt} and expires at {Expires}; it is {Now} here (seconds since 1970).")]
        public static partial void TimesRefused(ILogger logger, long? issuedAt, long? expires, long now);
    }
}
