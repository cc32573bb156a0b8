using Microsoft.Extensions.Logging;

namespace OriginGuard.Learning;

internal sealed partial class Observations
{
    private static partial class Log
    {
        [LoggerMessage(4014, LogLevel.Information,
            "Report-only since {Since:u}: {Requests} requests, {SecretHeader} with the header of the secret, {SecretRight} with a right secret. Networks: {Networks}. "
            + "Audiences: {Audiences}. {Notice}",
            EventName = "Learned")]
        public static partial void Learned(
            ILogger logger, DateTimeOffset since, long requests, long secretHeader, long secretRight, string networks, string audiences, string notice);
    }
}
