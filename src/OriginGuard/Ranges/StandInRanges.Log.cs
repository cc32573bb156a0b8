using Microsoft.Extensions.Logging;

namespace OriginGuard.Ranges;

internal sealed partial class StandInRanges
{
    private static partial class Log
    {
        [LoggerMessage(4111, LogLevel.Information, "{RecordName}: starting from the snapshot, {Count} networks loaded {Age} ago, until DNS has answered.",
            EventName = "StartedFromSnapshot")]
        public static partial void StartedFromSnapshot(ILogger logger, string recordName, int count, TimeSpan age);

        [LoggerMessage(4112, LogLevel.Information,
            "{RecordName}: starting from the {Count} built-in networks, as documented on {DocumentedOn:yyyy-MM-dd}, until DNS has answered.", EventName = "StartedFromBuiltIn")]
        public static partial void StartedFromBuiltIn(ILogger logger, string recordName, int count, DateOnly documentedOn);

        [LoggerMessage(4113, LogLevel.Warning, "The {Origin} ranges of {RecordName} are denied by Google's lists: {Objection}. They are {Use}.", EventName = "StandInDoubted")]
        public static partial void StandInDoubted(ILogger logger, string origin, string recordName, string objection, string use);
    }
}
