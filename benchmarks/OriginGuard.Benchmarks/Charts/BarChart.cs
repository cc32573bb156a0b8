namespace OriginGuard.Benchmarks.Charts;

/// <summary>A few amounts side by side, from zero, each with its figure at its end.</summary>
internal static class BarChart
{
    private const int Left = 250;
    private const int Right = Svg.Width - 130;
    private const int Top = 98;
    private const int RowHeight = 38;

    public static string Draw(string title, string subtitle, IReadOnlyList<Bar> bars, Mark? mark = null)
    {
        var svg = new Svg(title, subtitle);
        var x = Scale.Linear(0, bars.Select(bar => bar.Value).Append(mark?.Value ?? 0), Left, Right);
        var bottom = Top + (bars.Count * RowHeight);
        svg.Line(Left, Top - 4, Left, bottom, "grid");
        if (mark is not null)
        {
            svg.Line(x.At(mark.Value), Top - 4, x.At(mark.Value), bottom + 6, "mark");
            svg.Text(x.At(mark.Value), bottom + 22, mark.Name, "marktext", "middle");
        }

        for (var i = 0; i < bars.Count; i++)
        {
            var (bar, y) = (bars[i], Top + (i * RowHeight));
            svg.Text(Left - 14, y + 21, bar.Name, bar.IsOurs ? "ourstext" : "othertext", "end");
            svg.Bar(Left, y + 5, x.At(bar.Value) - Left, RowHeight - 14, bar.IsOurs ? "ours" : "other");
            svg.Text(Math.Max(x.At(bar.Value), Left + 2) + 10, y + 21, bar.Text, bar.IsOurs ? "strong halo" : "quiet halo");
        }

        return svg.ToText(bottom + (mark is null ? 26 : 44));
    }
}
