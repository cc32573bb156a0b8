using System.Globalization;

namespace OriginGuard.Benchmarks.Charts;

/// <summary>How something grows: sizes along the bottom by orders of magnitude, a name at the end of each line.</summary>
internal static class LineChart
{
    private const int Height = 430;
    private const int Left = 92;
    private const int Right = Svg.Width - 210;
    private const int Top = 96;
    private const int Bottom = Height - 66;
    private const int LineOfText = 17;
    private const int WidthOfSize = 66;

    public static string Draw(
        string title, string subtitle, string sizes, IReadOnlyList<LineSeries> series, bool logarithmic, Func<double, string> tick, Func<double, string> figure)
    {
        var svg = new Svg(title, subtitle);
        var points = series.SelectMany(line => line.Points).ToList();
        var x = Scale.Sizes(points.Select(point => point.X), Left, Right);
        var y = logarithmic
            ? Scale.Logarithmic(points.Select(point => point.Y), Bottom, Top)
            : Scale.Linear(0, points.Select(point => point.Y), Bottom, Top);
        DrawAxes(svg, x, y, sizes, tick);
        foreach (var line in series.OrderBy(line => line.IsOurs))
        {
            var style = line.IsOurs ? "ours" : "other";
            svg.Path(line.Points.Select(point => (x.At(point.X), y.At(point.Y))), style);
            foreach (var (size, value) in line.Points)
            {
                svg.Dot(x.At(size), y.At(value), style);
            }
        }

        DrawNames(svg, series, y, figure);
        return svg.ToText(Height);
    }

    /// <summary>Moves names apart that would cover each other, downwards and then back up from the bottom.</summary>
    internal static double[] Spread(IReadOnlyList<double> sorted, double gap, double last)
    {
        double[] places = [.. sorted];
        for (var i = 1; i < places.Length; i++)
        {
            places[i] = Math.Max(places[i], places[i - 1] + gap);
        }

        for (var i = places.Length - 1; i >= 0; i--)
        {
            places[i] = Math.Min(places[i], last - ((places.Length - 1 - i) * gap));
        }

        return places;
    }

    private static void DrawAxes(Svg svg, Scale x, Scale y, string sizes, Func<double, string> format)
    {
        foreach (var tick in y.Ticks)
        {
            svg.Line(Left, y.At(tick), Right, y.At(tick), "grid");
            svg.Text(Left - 10, y.At(tick) + 4, format(tick), "quiet", "end");
        }

        // From the largest down, and what would cover the one before is left out.
        var free = double.PositiveInfinity;
        foreach (var tick in x.Ticks.Reverse().Where(tick => x.At(tick) <= free))
        {
            svg.Text(x.At(tick), Bottom + 24, tick.ToString("N0", CultureInfo.InvariantCulture), "quiet", "middle");
            free = x.At(tick) - WidthOfSize;
        }

        svg.Text((Left + Right) / 2.0, Bottom + 46, sizes, "quiet", "middle");
    }

    private static void DrawNames(Svg svg, IReadOnlyList<LineSeries> series, Scale y, Func<double, string> figure)
    {
        var ends = series.Select(line => (Line: line, Y: y.At(line.Points[^1].Y))).OrderBy(end => end.Y).ToList();
        var places = Spread([.. ends.Select(end => end.Y - (LineOfText / 2.0))], 2.3 * LineOfText, Bottom - LineOfText);
        for (var i = 0; i < ends.Count; i++)
        {
            var line = ends[i].Line;
            svg.Text(Right + 16, places[i] + 4, line.Name, line.IsOurs ? "ourstext" : "othertext");
            svg.Text(Right + 16, places[i] + 4 + LineOfText, figure(line.Points[^1].Y), "quiet");
        }
    }
}
