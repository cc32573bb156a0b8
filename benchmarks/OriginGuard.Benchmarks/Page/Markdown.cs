namespace OriginGuard.Benchmarks.Page;

/// <summary>Writes tables.</summary>
internal static class Markdown
{
    /// <summary>The first columns are text, the others are figures.</summary>
    public static string Table(string[] head, IReadOnlyList<string[]> rows, int textColumns = 1) => string.Join(
        '\n', [Row(head), Row([.. head.Select((_, column) => column < textColumns ? "---" : "---:")]), .. rows.Select(row => Row([.. row.Select(Escape)]))]);

    /// <summary>A cell is one line, and a bar or a bracket of its own must not end it.</summary>
    private static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace("*", "\\*", StringComparison.Ordinal)
        .ReplaceLineEndings(" ");

    private static string Row(string[] cells) => $"| {string.Join(" | ", cells)} |";
}
