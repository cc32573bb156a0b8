namespace OriginGuard.Diagnostics.Page;

/// <summary>Text that may stand in the page as it is. What was not written here comes in through <see cref="HtmlText"/>, which encodes it.</summary>
internal readonly struct Html
{
    private readonly string? _markup;

    private Html(string markup) => _markup = markup;

    public static Html Of(HtmlText text) => new(text.Markup);

    /// <summary>The style, which the page itself brings.</summary>
    public static Html Trusted(string markup) => new(markup);

    public static Html Each<T>(IEnumerable<T> items, Func<T, Html> render) => new(string.Concat(items.Select(item => render(item).ToString())));

    public override string ToString() => _markup ?? "";
}
