namespace OriginGuard.ForeignText;

/// <summary>Text that somebody else wrote, made fit for a log line: visible ASCII, and not much of it.</summary>
internal static class LogText
{
    private const int MaxLength = 200;

    public static string Clean(string? text)
    {
        if (text is null)
        {
            return "(none)";
        }

        var length = Math.Min(text.Length, MaxLength);
        var clean = string.Create(length, text, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = source[i] is >= ' ' and <= '~' ? source[i] : '?';
            }
        });
        return text.Length > MaxLength ? clean + "..." : clean;
    }
}
