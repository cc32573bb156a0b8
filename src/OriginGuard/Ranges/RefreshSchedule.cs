using OriginGuard.Refreshing;

namespace OriginGuard.Ranges;

/// <summary>When to ask again.</summary>
internal static class RefreshSchedule
{
    // With the last attempt of a failing resolution still waiting, a DNS that has recovered is noticed well within 12 seconds.
    private static readonly TimeSpan LongestRetryWithoutRanges = TimeSpan.FromSeconds(4);

    // A timer takes no more.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(49);

    /// <summary>
    /// The record's time to live within the configured bounds, and up to a tenth less or, at the lower bound, more, so that many origins do not ask
    /// in step. In time for a second try before the ranges are too old, whatever the bounds say.
    /// </summary>
    public static TimeSpan AfterSuccess(TimeSpan timeToLive, SourceAddressOptions options)
    {
        var kept = Clamp(timeToLive, options.MinRefreshInterval, options.MaxRefreshInterval);
        var earliest = Max(options.MinRefreshInterval, kept * 0.9);
        var latest = Min(options.MaxRefreshInterval, earliest / 0.9);
        return Min(BackOff.Between(earliest, latest), LongestPause(options));
    }

    /// <summary>
    /// Doubles from half a second: up to four seconds while the guard has no ranges that DNS gave it and that are young enough, and up to the least
    /// refresh interval while it has, but never beyond the moment when they are too old.
    /// </summary>
    /// <param name="failures">How many there were in a row.</param>
    /// <param name="left">How long the ranges that DNS gave are still young enough; null when there are none.</param>
    /// <param name="options">The options of the moment.</param>
    public static TimeSpan AfterFailure(int failures, TimeSpan? left, SourceAddressOptions options)
    {
        var longest = left is { } rest ? Min(Min(options.MinRefreshInterval, LongestPause(options)), rest) : LongestRetryWithoutRanges;
        return BackOff.After(failures, longest);
    }

    // At half of the age limit the health check begins to complain: well before it, so that a refresh and one failure have their time.
    private static TimeSpan LongestPause(SourceAddressOptions options) => Min(options.MaxAge / 3, LongestDelay);

    private static TimeSpan Clamp(TimeSpan value, TimeSpan least, TimeSpan most) => Max(least, Min(value, most));

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
