using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace OriginGuard.Diagnostics;

/// <summary>Text that may stand in a page as it is: literals of the code, and holes, which are encoded.</summary>
internal readonly struct Html
{
    private readonly string? _markup;

    private Html(string markup) => _markup = markup;

    public static Html Of(Interpolation text) => new(text.Markup);

    /// <summary>A style, which the page itself brings.</summary>
    public static Html Trusted(string markup) => new(markup);

    public static Html Each<T>(IEnumerable<T> items, Func<T, Html> render) => new(string.Concat(items.Select(item => render(item).ToString())));

    public override string ToString() => _markup ?? "";

    /// <summary>Encodes what stands in a hole, for elements and quoted attributes alike: a user's email or a DNS server's words can stand in them.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Interpolation(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _markup = new(literalLength + (formattedCount * 32));

        public string Markup => _markup.ToString();

        public void AppendLiteral(string literal) => _markup.Append(literal);

        public void AppendFormatted(Html html) => _markup.Append(html.ToString());

        public void AppendFormatted(string? text) => _markup.Append(HtmlEncoder.Default.Encode(text ?? ""));

        public void AppendFormatted(long number) => _markup.Append(number.ToString("N0", CultureInfo.InvariantCulture));
    }
}
