using Microsoft.Extensions.Logging;

namespace OriginGuard.PublishedLists;

internal sealed partial class GoogleLists
{
    private static partial class Log
    {
        [LoggerMessage(4131, LogLevel.Information,
            "Google's lists are fetched: {Google} networks of Google's, {Cloud} of its customers', published {PublishedAt:u}. Next fetch in {Delay}.", EventName = "ListsFetched")]
        public static partial void ListsFetched(ILogger logger, int google, int cloud, DateTimeOffset publishedAt, TimeSpan delay);

        [LoggerMessage(EventId = 4132,
            Message = "Google's lists could not be fetched: {Reason}. Those of {PublishedAt:u} ({Source}) stay in use; next try in {Delay}.", EventName = "ListsKept")]
        public static partial void ListsKept(ILogger logger, LogLevel level, string reason, string source, DateTimeOffset publishedAt, TimeSpan delay);

        [LoggerMessage(4133, LogLevel.Critical, "The fetching of Google's lists has ended unexpectedly. Those in use grow old; restart the application.", EventName = "ListsStopped")]
        public static partial void LoopEnded(ILogger logger, Exception exception);
    }
}
