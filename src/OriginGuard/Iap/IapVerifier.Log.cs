using Microsoft.Extensions.Logging;
using OriginGuard.Checks;

namespace OriginGuard.Iap;

/// <summary>
/// All at Debug: whoever is signed in can make IAP send each of these (<c>gcp-iap-mode=SECURE_TOKEN_TEST</c>), and whoever reaches the
/// origin can send the rest.
/// </summary>
internal sealed partial class IapVerifier
{
    private static partial class Log
    {
        public static void AssertionRefused(ILogger logger, RefusalReason reason)
        {
            if (logger.IsEnabled(LogLevel.Debug))
            {
                AssertionRefused(logger, reason.ToCode());
            }
        }

        [LoggerMessage(4510, LogLevel.Debug, "The IAP assertion was not accepted: {Reason}.", EventName = "IapAssertionRefused")]
        private static partial void AssertionRefused(ILogger logger, string reason);

        [LoggerMessage(4511, LogLevel.Debug, "The IAP assertion has the issuer {Actual}; {Expected} is accepted.", EventName = "IapIssuerRefused")]
        public static partial void IssuerRefused(ILogger logger, string expected, string actual);

        [LoggerMessage(4512, LogLevel.Debug, "The IAP assertion is for the audience {Actual}; accepted is {Expected}.", EventName = "IapAudienceRefused")]
        public static partial void AudienceRefused(ILogger logger, string expected, string actual);

        [LoggerMessage(4513, LogLevel.Debug, "The IAP assertion was issued at {IssuedAt} and expires at {Expires}; it is {Now} here (seconds since 1970).",
            EventName = "IapTimesRefused")]
        public static partial void TimesRefused(ILogger logger, long? issuedAt, long? expires, long now);
    }
}
