using Microsoft.Extensions.Logging;

namespace OriginGuard.Dns;

internal sealed partial class StubResolver
{
    private static partial class Log
    {
        [LoggerMessage(4150, LogLevel.Debug, "{Server} answered for {Name}: {Count} TXT record(s), to be kept for {TimeToLive}.",
            EventName = "TxtResolved")]
        public static partial void Resolved(ILogger logger, DnsName name, string server, int count, TimeSpan timeToLive);

        [LoggerMessage(4151, LogLevel.Debug, "Attempt {Attempt} of {Attempts} to resolve {Name} failed with {Error}: {Detail}.",
            EventName = "TxtAttemptFailed")]
        public static partial void AttemptFailed(ILogger logger, int attempt, int attempts, DnsName name, TxtError error, string? detail);

        [LoggerMessage(4152, LogLevel.Error, "Resolving {Name} failed in a way that was not foreseen. It counts as a failed resolution.",
            EventName = "TxtFailedUnexpectedly")]
        public static partial void Unexpected(ILogger logger, Exception exception, DnsName name);
    }
}
