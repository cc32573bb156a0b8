using System.Net;
using Microsoft.Extensions.Logging;

namespace OriginGuard.Connections;

internal sealed partial class ConnectionGuard
{
    private static partial class Log
    {
        [LoggerMessage(4404, LogLevel.Information, "{Count} open connections were asked to end: their peers are not in the ranges any more.", EventName = "ConnectionsClosed")]
        public static partial void ConnectionsClosed(ILogger logger, int count);

        [LoggerMessage(4405, LogLevel.Warning, "An open connection could not be asked to end.", EventName = "CloseFailed")]
        public static partial void CloseFailed(ILogger logger, Exception exception);

        [LoggerMessage(4406, LogLevel.Warning,
            "On {Listener} the connection guard comes after TLS: strangers are refused only once they have had a handshake. Call UseOriginGuard before UseHttps.",
            EventName = "GuardedAfterTls")]
        public static partial void GuardedAfterTls(ILogger logger, EndPoint listener);

        [LoggerMessage(4407, LogLevel.Warning,
            "The connection guard refuses peers outside the ranges before it can see a path, so these exemptions do not hold for them: {Exemptions}. "
            + "Name the peers' networks in OriginGuard:Exemptions.",
            EventName = "ExemptionsOutOfReach")]
        public static partial void ExemptionsOutOfReach(ILogger logger, string exemptions);

        [LoggerMessage(4408, LogLevel.Warning,
            "A listener has a connection guard, and the source address layer is off: every connection is let through.", EventName = "NothingToRefuse")]
        public static partial void NothingToRefuse(ILogger logger);
    }
}
