namespace OriginGuard.ForeignText;

/// <summary>
/// What somebody else wrote, made fit for a line of a log or a terminal: bounded, and printable ASCII only. Line breaks forge log lines, escapes move
/// cursors, bidirectional marks reorder what is read.
/// </summary>
internal static class PrintableText
{
    public static string From(string? text, int most = 200) => text is null ? "(none)" : string.Create(
        Math.Min(text.Length, most), text, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = source[i] is >= ' ' and <= '~' ? source[i] : '?';
            }
        }) + (text.Length > most ? "..." : "");
}
