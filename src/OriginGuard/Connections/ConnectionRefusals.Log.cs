using System.Net;
using Microsoft.Extensions.Logging;

namespace OriginGuard.Connections;

internal sealed partial class ConnectionRefusals
{
    private static partial class Log
    {
        [LoggerMessage(4401, LogLevel.Debug, "Connection not admitted: {Code}, peer {Peer}, enforced: {Enforced}.", EventName = "ConnectionNotAdmitted")]
        public static partial void ConnectionNotAdmitted(ILogger logger, string code, IPAddress? peer, bool enforced);

        [LoggerMessage(4402, LogLevel.Warning,
            "A connection from peer {Peer} was {Treatment}: {Code}. More of the same are summed up once a minute. What to do: {Page}",
            EventName = "FirstConnectionNotAdmitted")]
        public static partial void FirstConnectionNotAdmitted(ILogger logger, string code, string peer, string treatment, string page);

        [LoggerMessage(4403, LogLevel.Warning, "{Count} more connections in the last minute were not admitted, or let through in report-only mode: {Code}, the last one from peer {Peer}. What to do: {Page}",
            EventName = "ConnectionsNotAdmittedSummary")]
        public static partial void ConnectionsNotAdmittedSummary(ILogger logger, long count, string code, string peer, string page);
    }
}
