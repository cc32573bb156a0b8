namespace OriginGuard.Arming;

/// <summary>How often and when somebody came. Not for several threads.</summary>
internal sealed class Caller(CallerKey key, DateTimeOffset first, long overcountAtMost)
{
    public CallerKey Key => key;

    public DateTimeOffset First { get; } = first;

    public DateTimeOffset Last { get; private set; } = first;

    /// <summary>On how many days of the calendar, in UTC.</summary>
    public int Days { get; private set; }

    public long Refused { get; private set; }

    /// <summary>Let through, and would have been refused.</summary>
    public long Reported { get; private set; }

    /// <summary>How many requests of others may be counted in <see cref="Weight"/>.</summary>
    public long OvercountAtMost => overcountAtMost;

    /// <summary>By which the least busy is found.</summary>
    public long Weight => overcountAtMost + Refused + Reported;

    public static Caller Restore(CallerState saved, CallerKey key) =>
        new(key, saved.FirstSeen, saved.OvercountAtMost) { Last = saved.LastSeen, Days = saved.Days, Refused = saved.Refused, Reported = saved.Reported };

    public void Count(DateTimeOffset now, bool isEnforced)
    {
        Days += Days == 0 || now.UtcDateTime.Date > Last.UtcDateTime.Date ? 1 : 0;

        // A clock that was put back makes nobody younger.
        Last = now > Last ? now : Last;
        Refused += isEnforced ? 1 : 0;
        Reported += isEnforced ? 0 : 1;
    }
}
