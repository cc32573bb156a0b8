namespace OriginGuard.ForeignText;

/// <summary>Foreign text made fit for one line of a log: bounded, without a character that a terminal or a log reader obeys.</summary>
internal static class PrintableText
{
    private const int MaxLength = 160;

    public static string From(ReadOnlySpan<char> text)
    {
        var shown = text[..Math.Min(text.Length, MaxLength)].ToString();
        return string.Create(shown.Length, shown, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                // Printable ASCII only: line breaks forge log lines, escapes move cursors, bidirectional marks reorder what is read.
                target[i] = source[i] is >= ' ' and <= '~' ? source[i] : '?';
            }
        }) + (text.Length > MaxLength ? "..." : string.Empty);
    }
}
