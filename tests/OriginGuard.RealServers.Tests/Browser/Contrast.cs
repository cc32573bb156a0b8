using System.Globalization;

namespace OriginGuard.RealServers.Tests.Browser;

/// <summary>Contrast as WCAG 2.2 computes it.</summary>
internal static class Contrast
{
    /// <summary>The relative luminance of a computed colour such as <c>rgb(250, 249, 246)</c>.</summary>
    public static double Luminance(string color)
    {
        double[] parts = [.. color[(color.IndexOf('(', StringComparison.Ordinal) + 1)..^1].Split(',')[..3].Select(static part => Linear(double.Parse(part, CultureInfo.InvariantCulture) / 255))];
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }

    public static double Ratio(double one, double other) => (Math.Max(one, other) + 0.05) / (Math.Min(one, other) + 0.05);

    private static double Linear(double value) => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
}
