using System.Globalization;

namespace OriginGuard.Benchmarks.Charts;

/// <summary>Medians with their middle half, near one another: the axis does not begin at zero, and so nothing is drawn as a length.</summary>
internal static class IntervalChart
{
    private const int Left = 290;
    private const int Right = Svg.Width - 210;
    private const int Top = 112;
    private const int RowHeight = 36;

    public static string Draw(string title, string subtitle, IReadOnlyList<Interval> rows, IReadOnlyList<Mark> marks)
    {
        var svg = new Svg(title, subtitle);
        var places = rows.SelectMany(row => new[] { row.Spread.LowerQuartile, row.Spread.UpperQuartile }).Concat(marks.Select(mark => mark.Value)).ToList();
        var x = Scale.Linear(places.Min(), places, Left, Right);
        var bottom = Top + (rows.Count * RowHeight);
        foreach (var tick in x.Ticks)
        {
            svg.Line(x.At(tick), Top - 4, x.At(tick), bottom, "grid");
            svg.Text(x.At(tick), bottom + 20, tick.ToString("0.###", CultureInfo.InvariantCulture), "quiet", "middle");
        }

        // The names of neighbours lean away from each other.
        foreach (var mark in marks)
        {
            var anchor = marks.Count == 1 ? "middle" : mark.Value == marks.Min(other => other.Value) ? "end" : "start";
            svg.Line(x.At(mark.Value), Top - 4, x.At(mark.Value), bottom, "mark");
            svg.Text(x.At(mark.Value), Top - 12, mark.Name, "marktext", anchor);
        }

        for (var i = 0; i < rows.Count; i++)
        {
            var (row, y) = (rows[i], Top + (i * RowHeight) + (RowHeight / 2));
            var style = row.IsOurs ? "ours" : "other";
            svg.Text(Left - 18, y + 4, row.Name, row.IsOurs ? "ourstext" : "othertext", "end");
            svg.Line(x.At(row.Spread.LowerQuartile), y, x.At(row.Spread.UpperQuartile), y, $"{style} whisker");
            svg.Dot(x.At(row.Spread.Median), y, style);
            svg.Text(Right + 18, y + 4, row.Text, row.IsOurs ? "strong" : "quiet");
        }

        return svg.ToText(bottom + 40);
    }
}
