using System.Net;
using Microsoft.Extensions.Logging;

namespace OriginGuard.Telemetry;

internal sealed partial class RequestRefusals
{
    private static partial class Log
    {
        [LoggerMessage(4011, LogLevel.Debug, "Not admitted: {Code}, peer {Peer}, enforced: {Enforced}, reference: {Reference}.", EventName = "NotAdmitted")]
        public static partial void NotAdmitted(ILogger logger, string code, IPAddress? peer, bool enforced, string? reference);

        [LoggerMessage(4012, LogLevel.Warning,
            "A request from peer {Peer} was {Treatment}: {Code}. More of the same are summed up once a minute. What to do: {Page}",
            EventName = "FirstNotAdmitted")]
        public static partial void FirstNotAdmitted(ILogger logger, string code, string peer, string treatment, string page);

        [LoggerMessage(4013, LogLevel.Warning, "{Count} more requests in the last minute were not admitted, or let through in report-only mode: {Code}, the last one from peer {Peer}. What to do: {Page}",
            EventName = "NotAdmittedSummary")]
        public static partial void NotAdmittedSummary(ILogger logger, long count, string code, string peer, string page);
    }
}
