namespace OriginGuard.Tool.Formats;

/// <summary>One network to a line and nothing else, for pipes.</summary>
internal static class TextFormat
{
    public static string Render(RangeSet ranges) => string.Concat(ranges.Networks.Select(static network => $"{network}\n"));
}
