using System.Globalization;
using OriginGuard.Benchmarks.Statistics;

namespace OriginGuard.Benchmarks.Page;

/// <summary>Numbers as people read them: three digits that count, and a unit that fits.</summary>
internal static class Figures
{
    public static string Duration(double nanoseconds) => nanoseconds switch
    {
        < 1e3 => $"{Short(nanoseconds)} ns",
        < 1e6 => $"{Short(nanoseconds / 1e3)} µs",
        < 1e9 => $"{Short(nanoseconds / 1e6)} ms",
        _ => $"{Short(nanoseconds / 1e9)} s",
    };

    public static string Bytes(double bytes) => bytes switch
    {
        < 1024 => bytes % 1 == 0 ? $"{bytes:0} B" : $"{Short(bytes)} B",
        < 1024 * 1024 => $"{Short(bytes / 1024)} KiB",
        _ => $"{Short(bytes / (1024 * 1024))} MiB",
    };

    public static string Count(double count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Times(double ratio) => $"{Short(ratio)} ×";

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %");

    public static string Share(double ratio) => ratio.ToString("0.000", CultureInfo.InvariantCulture);

    public static string Share(Spread ratio) => $"{Share(ratio.Median)} ({Share(ratio.LowerQuartile)} to {Share(ratio.UpperQuartile)})";

    public static string Microseconds(Spread time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.Median:0.00} µs ({time.LowerQuartile:0.00} to {time.UpperQuartile:0.00})");

    public static string Short(double value) => Math.Abs(value) switch
    {
        >= 99.95 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 9.995 => value.ToString("0.0", CultureInfo.InvariantCulture),
        0 => "0",
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };
}
