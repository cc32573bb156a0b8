using System.Globalization;

namespace OriginGuard.Configuration;

/// <summary>Reads a duration as whoever writes it means it.</summary>
internal static class DurationText
{
    public const string Rule = "a duration such as 00:05:00 (hours:minutes:seconds) or 7.00:00:00 (days first) is needed";

    public static bool TryParse(string text, out TimeSpan value) =>
        // A lone number would be days, where whoever wrote it meant seconds; four parts would begin with days, where the rule has a dot behind them.
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value) && text.AsSpan().Count(':') is 1 or 2;

    /// <summary>What may be meant by two parts: hours and minutes, as <see cref="TimeSpan"/> reads them, or minutes and seconds. Null for any other text.</summary>
    public static (TimeSpan HoursAndMinutes, TimeSpan MinutesAndSeconds)? OfTwoParts(string text) =>
        text.Trim().Split(':') is [var first, var second]
        && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var high) && high is < 100_000
        && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var low) && low is < 60
            ? (TimeSpan.FromMinutes((60 * high) + low), TimeSpan.FromSeconds((60 * high) + low))
            : null;

    /// <summary>What was meant by hours beyond a day, which <see cref="TimeSpan"/> reads as days: 24:00:00 would be 24 days. Null when there are none.</summary>
    public static TimeSpan? InHours(string text)
    {
        var parts = text.Trim().TrimStart('-').Split(':');
        return parts.Length is 3 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && hours is > 23 and < 100_000
            && TimeSpan.TryParse($"00:{string.Join(':', parts[1..])}", CultureInfo.InvariantCulture, out var rest)
            ? TimeSpan.FromHours(hours) + rest
            : null;
    }
}
