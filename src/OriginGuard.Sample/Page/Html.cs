namespace OriginGuard.Sample.Page;

/// <summary>Text that is safe to stand in a page. It can only be made of literals in the code and of holes, which are encoded.</summary>
internal readonly struct Html
{
    private readonly string? _text;

    private Html(string text) => _text = text;

    public static Html Of(HtmlInterpolation text) => new(text.ToString());

    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts));

    public override string ToString() => _text ?? "";
}
