using System.Security.Cryptography;

namespace OriginGuard.Iap;

/// <summary>When to fetch next. All bounds of the traffic towards the key endpoint are here.</summary>
internal static class IapKeyPace
{
    /// <summary>One try, from the connection to the last byte.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Between the starts of two fetches that unknown key ids ask for: a flood of invented ids costs six fetches a minute. With
    /// <see cref="Timeout"/> it bounds how long a rotated key can stay unnoticed.
    /// </summary>
    public static readonly TimeSpan CoolDown = TimeSpan.FromSeconds(10);

    /// <summary>How long after a fetch began requests wait for it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How long the start of the application waits for the first keys.</summary>
    public static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LeastFresh = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MostFresh = TimeSpan.FromHours(6);
    private static readonly TimeSpan FreshByDefault = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(12);

    /// <summary>What the answer says of its freshness, within a minute and six hours, and up to a tenth earlier.</summary>
    public static TimeSpan AfterSuccess(TimeSpan? maxAge)
    {
        var fresh = TimeSpan.FromTicks(Math.Clamp((maxAge ?? FreshByDefault).Ticks, LeastFresh.Ticks, MostFresh.Ticks));
        return fresh * (1 - (0.1 * Fraction()));
    }

    /// <summary>Doubling from half a second to twelve, and a fifth more or less.</summary>
    public static TimeSpan AfterFailure(int failures)
    {
        var delay = TimeSpan.FromTicks(Math.Min(FirstRetry.Ticks << Math.Clamp(failures - 1, 0, 10), LastRetry.Ticks));
        return delay * (0.8 + (0.4 * Fraction()));
    }

    private static double Fraction() => RandomNumberGenerator.GetInt32(1000) / 1000.0;
}
