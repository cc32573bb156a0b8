using System.Security.Cryptography;
using System.Text;

namespace OriginGuard.Diagnostics;

/// <summary>The diagnosis as a page: one document that loads nothing and runs nothing.</summary>
internal static class DiagnosticsPage
{
    private static readonly string Style = ReadStyle();

    // The style goes by its digest: whatever got into the page all the same neither runs nor paints.
    public static string SecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; img-src data:; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static Html Render(Diagnosis diagnosis) => Html.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex">
        <title>OriginGuard diagnostics</title>
        <link rel="icon" href="data:,">
        <style>{Html.Trusted(Style)}</style>
        </head>
        <body>
        <header>
        <p class="brand">OriginGuard</p>
        <h1>Diagnostics</h1>
        <p class="lede">Mode <strong>{diagnosis.Mode}</strong>, platform <strong>{diagnosis.Platform}</strong>, at {PageWords.At(diagnosis.Time)}.</p>
        </header>
        <main>
        {LayersHtml.Render(diagnosis)}
        {ArmingHtml.Render(diagnosis.Arming)}
        {LearnedHtml.Render(diagnosis.Learned)}
        {RangesHtml.Render(diagnosis)}
        {SecretsHtml.Render(diagnosis.SharedSecret)}
        {IapHtml.Render(diagnosis.Iap)}
        {CountsHtml.Render(diagnosis.Counts)}
        {ArrivalHtml.Render(diagnosis.Arrived)}
        {ReferencesHtml.Render(diagnosis.References)}
        </main>
        <footer><p>The same for programs: <a href="?format=json">JSON</a>.</p></footer>
        </body>
        </html>

        """);

    private static string ReadStyle()
    {
        using var file = typeof(DiagnosticsPage).Assembly.GetManifestResourceStream("OriginGuard.Diagnostics.page.css")
            ?? throw new InvalidOperationException("OriginGuard was built without the style of its diagnostics page.");
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
