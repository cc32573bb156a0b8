using System.Globalization;
using System.Text;

namespace OriginGuard.Benchmarks.Charts;

/// <summary>
/// Writes one picture with a title. The colours follow the reader's scheme, on a card of their own: a page may be dark where the picture is told
/// that it is light.
/// </summary>
internal sealed class Svg
{
    public const int Width = 860;
    public const int Margin = 28;

    private const string Style = """
        <style>
        text { font-family: -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; font-size: 13px; fill: #1f2328; font-variant-numeric: tabular-nums; }
        .card { fill: #ffffff; stroke: #d1d9e0; } .title { font-size: 20px; font-weight: 600; } .quiet { fill: #59636e; } .strong { font-weight: 600; }
        .halo { paint-order: stroke; stroke: #ffffff; stroke-width: 8px; stroke-linejoin: round; } .grid { stroke: #d1d9e0; stroke-width: 1; } .mark { stroke: #bc4c00; stroke-width: 1.5; stroke-dasharray: 5 4; fill: none; } .marktext { fill: #bc4c00; }
        .ours { stroke: #0969da; fill: #0969da; } .ourstext { fill: #0969da; font-weight: 600; } .other { stroke: #818b98; fill: #818b98; } .othertext { fill: #59636e; }
        .line { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round; } .whisker { stroke-width: 6; stroke-linecap: round; opacity: 0.35; }
        @media (prefers-color-scheme: dark) {
        text { fill: #f0f6fc; } .card { fill: #0d1117; stroke: #3d444d; } .quiet { fill: #9198a1; } .grid { stroke: #2a313c; } .halo { stroke: #0d1117; } .mark { stroke: #f0883e; } .marktext { fill: #f0883e; }
        .ours { stroke: #4493f8; fill: #4493f8; } .ourstext { fill: #4493f8; } .other { stroke: #767f8a; fill: #767f8a; } .othertext { fill: #9198a1; }
        }
        </style>
        """;

    private readonly StringBuilder _body = new();

    public Svg(string title, string subtitle)
    {
        Title = title;
        Text(Margin, 42, title, "title");
        Text(Margin, 64, subtitle, "quiet");
    }

    public string Title { get; }

    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal);

    public void Text(double x, double y, string text, string style, string anchor = "start") =>
        Add($"""<text x="{x:0.#}" y="{y:0.#}" class="{style}" text-anchor="{anchor}">{Escape(text)}</text>""");

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        Add($"""<line x1="{x1:0.#}" y1="{y1:0.#}" x2="{x2:0.#}" y2="{y2:0.#}" class="{style}"/>""");

    public void Bar(double x, double y, double width, double height, string style) =>
        Add($"""<rect x="{x:0.#}" y="{y:0.#}" width="{Math.Max(width, 2):0.#}" height="{height:0.#}" rx="3" class="{style}"/>""");

    public void Dot(double x, double y, string style) => Add($"""<circle cx="{x:0.#}" cy="{y:0.#}" r="4.5" class="{style}"/>""");

    public void Path(IEnumerable<(double X, double Y)> points, string style) =>
        Add($"""<polyline points="{string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.#},{point.Y:0.#}")))}" class="line {style}" style="fill:none"/>""");

    public string ToText(int height) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}" role="img" aria-label="{Escape(Title)}">
        <title>{Escape(Title)}</title>
        {Style}
        <rect x="0.5" y="0.5" width="{Width - 1}" height="{height - 1}" rx="10" class="card"/>
        {_body}</svg>

        """).ReplaceLineEndings("\n");

    private void Add(FormattableString element) => _body.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
