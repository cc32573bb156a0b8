using System.Net;
using Microsoft.Extensions.Logging;

namespace OriginGuard.Dns;

internal sealed partial class ServerExchange
{
    private static partial class Log
    {
        [LoggerMessage(4153, LogLevel.Debug, "{Server} refuses EDNS. Asking it for {Name} again without.", EventName = "AskingWithoutEdns")]
        public static partial void AskingWithoutEdns(ILogger logger, IPEndPoint server, DnsName name);

        [LoggerMessage(4155, LogLevel.Debug, "The answer of {Server} for {Name} did not come over UDP in a usable form. Asking over TCP.",
            EventName = "AskingOverTcp")]
        public static partial void AskingOverTcp(ILogger logger, IPEndPoint server, DnsName name);

        [LoggerMessage(4154, LogLevel.Warning,
            "Ignored {Count} datagram(s) that came from {Server} and do not answer the question for {Name}. Somebody may forge answers.",
            EventName = "DatagramsIgnored")]
        public static partial void DatagramsIgnored(ILogger logger, int count, IPEndPoint server, DnsName name);
    }
}
