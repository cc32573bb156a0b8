using System.Net;
using Microsoft.Extensions.Logging;

namespace OriginGuard.Ranges;

internal sealed partial class RecordRefresh
{
    private static partial class Log
    {
        [LoggerMessage(EventId = 4101, Message = "Ranges of {RecordName} are in force: {Count} networks. Added: {Added}. Removed: {Removed}. Next refresh in {Delay}.",
            EventName = "RangesChanged")]
        public static partial void RangesChanged(ILogger logger, LogLevel level, string recordName, int count, string added, string removed, TimeSpan delay);

        [LoggerMessage(EventId = 4102, Message = "Ranges of {RecordName} are unchanged: {Count} networks. Next refresh in {Delay}.", EventName = "RangesUnchanged")]
        public static partial void RangesUnchanged(ILogger logger, LogLevel level, string recordName, int count, TimeSpan delay);

        [LoggerMessage(EventId = 4103, Message = "Refresh of {RecordName} failed: {Reason}. Keeping {Count} ranges ({Origin}) loaded {Age} ago; next try in {Delay}.",
            EventName = "RangesKept")]
        public static partial void RangesKept(
            ILogger logger, LogLevel level, string recordName, string? reason, int count, string origin, TimeSpan age, TimeSpan delay);

        [LoggerMessage(EventId = 4104, Message = "{RecordName} could not be loaded: {Reason}. There are no ranges for it, so requests are undetermined (503 while the layer is enforced); next try in {Delay}.",
            EventName = "NoRanges")]
        public static partial void NoRanges(ILogger logger, LogLevel level, string recordName, string? reason, TimeSpan delay);

        [LoggerMessage(4105, LogLevel.Critical,
            "The refreshing of {RecordName} has ended unexpectedly. The ranges in force stay until they are too old; restart the application.", EventName = "RefreshStopped")]
        public static partial void RefreshStopped(ILogger logger, Exception exception, string recordName);

        [LoggerMessage(EventId = 4106,
            Message = "Refresh of {RecordName} failed: {Reason}. Its ranges are {Age} old, too old to trust, so requests are undetermined (503 while the layer is enforced); next try in {Delay}.",
            EventName = "RangesExpired")]
        public static partial void RangesExpired(ILogger logger, LogLevel level, string recordName, string? reason, TimeSpan age, TimeSpan delay);

        [LoggerMessage(4107, LogLevel.Warning, "The ranges of {RecordName} are no longer in force, since they may not be: {Reason}.",
            EventName = "RangesDropped")]
        public static partial void RangesDropped(ILogger logger, string recordName, string reason);

        [LoggerMessage(4109, LogLevel.Warning,
            "The answer for {RecordName} is taken though an old copy of Google's lists denies it: {Objection}. Newer lists could not be fetched, and they will decide; until then, "
            + "compare the networks with https://www.gstatic.com/ipranges/goog.json.", EventName = "RangesDoubted")]
        public static partial void RangesDoubted(ILogger logger, string recordName, string? objection);

        [LoggerMessage(4114, LogLevel.Warning,
            "{RecordName} names {Network}, which holds {Customers}: Google rents that one to its customers, and a machine of any of them passes the address layer. Name a record of your load balancer's addresses.",
            EventName = "RangesRented")]
        public static partial void RangesRented(ILogger logger, string recordName, IPNetwork network, IPNetwork customers);

        [LoggerMessage(4108, LogLevel.Warning, "The snapshot has not been read within {Wait}; {RecordName} is asked for without it.", EventName = "DiskHangs")]
        public static partial void DiskHangs(ILogger logger, string recordName, TimeSpan wait);
    }
}
