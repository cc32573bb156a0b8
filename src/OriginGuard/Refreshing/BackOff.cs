using System.Security.Cryptography;

namespace OriginGuard.Refreshing;

/// <summary>How failures in a row are met: ever later, never in step with others, and ever more quietly.</summary>
internal static class BackOff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);

    /// <summary>Half a second, then twice as long each time up to the longest, and up to a quarter less.</summary>
    public static TimeSpan After(int failures, TimeSpan longest)
    {
        var most = First * Math.Pow(2, Math.Clamp(failures - 1, 0, 30));
        most = most < longest ? most : longest > First ? longest : First;
        return Between(most * 0.75, most);
    }

    /// <summary>Some time between two, so that many origins do not ask in step. In whole milliseconds, which is as fine as a timer goes.</summary>
    public static TimeSpan Between(TimeSpan least, TimeSpan most) =>
        TimeSpan.FromMilliseconds(Math.Floor((least + ((most - least) * RandomNumberGenerator.GetInt32(1001) / 1000)).TotalMilliseconds));

    /// <summary>Whether a failure is told aloud: the first, and then ever fewer. An outage of hours must not fill the log.</summary>
    public static bool IsLoud(int failures) => int.IsPow2(failures);
}
