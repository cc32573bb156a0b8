namespace OriginGuard.Tool.Terminal;

/// <summary>Foreign text made fit for a terminal: bounded, and printable ASCII only, since a terminal obeys much of the rest.</summary>
internal static class PlainText
{
    public static string From(string text, int most = 200)
    {
        var shown = text.Length > most ? text[..most] : text;
        return string.Concat(shown.Select(static sign => sign is >= ' ' and <= '~' ? sign : '?')) + (text.Length > most ? "..." : "");
    }
}
