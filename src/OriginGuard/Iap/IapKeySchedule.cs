using OriginGuard.Refreshing;
using OriginGuard.Surroundings;

namespace OriginGuard.Iap;

/// <summary>When to fetch next. All bounds of the traffic towards the key endpoint are here.</summary>
internal static class IapKeySchedule
{
    /// <summary>
    /// Between the starts of two fetches that unknown key ids ask for: a flood of invented ids costs six fetches a minute. With
    /// <see cref="HttpDocumentClient.Timeout"/> it bounds how long a rotated key can stay unnoticed.
    /// </summary>
    public static readonly TimeSpan CoolDown = TimeSpan.FromSeconds(10);

    /// <summary>How long after a fetch began requests wait for it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How long the start of the application waits for the first keys.</summary>
    public static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LeastFresh = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MostFresh = TimeSpan.FromHours(6);
    private static readonly TimeSpan FreshByDefault = TimeSpan.FromHours(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(12);

    /// <summary>What the answer says of its freshness, within a minute and six hours, and up to a tenth earlier.</summary>
    public static TimeSpan AfterSuccess(TimeSpan? maxAge)
    {
        var fresh = TimeSpan.FromTicks(Math.Clamp((maxAge ?? FreshByDefault).Ticks, LeastFresh.Ticks, MostFresh.Ticks));
        return BackOff.Between(fresh * 0.9, fresh);
    }

    public static TimeSpan AfterFailure(int failures) => BackOff.After(failures, LastRetry);
}
