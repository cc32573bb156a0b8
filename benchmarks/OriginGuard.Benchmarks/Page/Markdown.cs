using System.Text;

namespace OriginGuard.Benchmarks.Page;

/// <summary>Writes headings, paragraphs, tables and pictures.</summary>
internal sealed class Markdown
{
    private readonly StringBuilder _text = new();

    /// <summary>A cell is one line, and a bar or a bracket of its own must not end it.</summary>
    public static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace("*", "\\*", StringComparison.Ordinal)
        .ReplaceLineEndings(" ");

    public Markdown Heading(int level, string text) => Block($"{new string('#', level)} {text}");

    public Markdown Paragraph(string text) => Block(text);

    public Markdown Picture(string file, string description) => Block($"![{Escape(description)}]({file})");

    public Markdown Code(string command) => Block($"```sh\n{command}\n```");

    /// <summary>The first column is text, the others are figures. A table without rows is left out.</summary>
    public Markdown Table(string[] head, IReadOnlyList<string[]> rows, int textColumns = 1)
    {
        if (rows.Count == 0)
        {
            return this;
        }

        List<string> lines = [Row(head), Row([.. head.Select((_, column) => column < textColumns ? "---" : "---:")]), .. rows.Select(row => Row([.. row.Select(Escape)]))];
        return Block(string.Join('\n', lines));
    }

    public override string ToString() => _text.ToString();

    private static string Row(string[] cells) => $"| {string.Join(" | ", cells)} |";

    private Markdown Block(string text)
    {
        if (_text.Length > 0)
        {
            _text.Append('\n');
        }

        _text.Append(text).Append('\n');
        return this;
    }
}
