namespace OriginGuard.Tool.Terminal;

/// <summary>
/// Colours for the words that decide, beside what the words say: nobody needs to see a colour to know. Codes of ECMA-48, section 8.3.117 (SGR).
/// </summary>
internal sealed class Palette
{
    public static readonly Palette Plain = new(isColored: false);

    public static readonly Palette Colored = new(isColored: true);

    private readonly bool _isColored;

    private Palette(bool isColored) => _isColored = isColored;

    public string Good(string text) => Paint(32, text);

    public string Doubtful(string text) => Paint(33, text);

    public string Bad(string text) => Paint(31, text);

    /// <summary>As a rule stands: kept, broken, or not looked at.</summary>
    public string Of(bool? isKept, string text) => isKept switch
    {
        true => Good(text),
        false => Bad(text),
        null => Doubtful(text),
    };

    private string Paint(int code, string text) => _isColored && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;
}
