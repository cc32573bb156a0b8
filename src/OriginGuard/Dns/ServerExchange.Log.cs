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
            Message = "No TCP connection to {Server} gave an answer in time, and {Name} was answered over UDP, where somebody could forge it. Let the origin reach that port over TCP.",
            EventName = "AnsweredOverUdp")]
        public static partial void AnsweredOverUdp(ILogger logger, LogLevel level, IPEndPoint server, DnsName name);

        [LoggerMessage(EventId = 4154,
            Message = "Ignored {Count} datagram(s) that came from {Server} and do not answer the question for {Name}. Somebody may forge answers.",
            EventName = "DatagramsIgnored")]
        public static partial void DatagramsIgnored(ILogger logger, LogLevel level, int count, IPEndPoint server, DnsName name);
    }
}
