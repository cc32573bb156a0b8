using System.Net;
using Microsoft.Extensions.Logging;

namespace OriginGuard.Dns;

internal sealed partial class ServerExchange
{
    private static partial class Log
    {
        [LoggerMessage(4153, LogLevel.Debug, "{Server} refuses EDNS. Asking it for {Name} again without.", EventName = "AskingWithoutEdns")]
        public static partial void AskingWithoutEdns(ILogger logger, IPEndPoint server, DnsName name);

        [LoggerMessage(EventId = 4155,
            Message = "No TCP connection to {Server} carries an answer, so {Name} is asked for over UDP, where somebody could forge one. Let the origin reach that port over TCP.",
            EventName = "AskingOverUdp")]
        public static partial void AskingOverUdp(ILogger logger, LogLevel level, IPEndPoint server, DnsName name);

        [LoggerMessage(4154, LogLevel.Warning,
            "Ignored {Count} datagram(s) that came from {Server} and do not answer the question for {Name}. Somebody may forge answers.",
            EventName = "DatagramsIgnored")]
        public static partial void DatagramsIgnored(ILogger logger, int count, IPEndPoint server, DnsName name);
    }
}
