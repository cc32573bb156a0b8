using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace OriginGuard.Diagnostics.Page;

/// <summary>An interpolated text whose holes are encoded, for elements and quoted attributes alike: a user's email or a DNS server's words can stand in them.</summary>
[InterpolatedStringHandler]
internal readonly ref struct HtmlText(int literalLength, int formattedCount)
{
    private readonly StringBuilder _markup = new(literalLength + (formattedCount * 32));

    public string Markup => _markup.ToString();

    public void AppendLiteral(string literal) => _markup.Append(literal);

    public void AppendFormatted(Html html) => _markup.Append(html.ToString());

    public void AppendFormatted(string? text) => _markup.Append(HtmlEncoder.Default.Encode(text ?? ""));

    public void AppendFormatted(long number) => _markup.Append(number.ToString("N0", CultureInfo.InvariantCulture));
}
