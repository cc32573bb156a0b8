namespace OriginGuard.Diagnostics;

/// <summary>What assertions are compared with.</summary>
internal static class IapHtml
{
    public static Html Render(IapDiagnosis? iap) => iap is null ? default : Html.Of($"""
        <section aria-labelledby="iap">
        <h2 id="iap">IAP assertion</h2>
        <dl class="facts">
        {Html.Each(iap.Audiences, static audience => Html.Of($"<div><dt>Audience</dt><dd>{audience}</dd></div>"))}
        {(iap.ProjectNumber is { } project ? Html.Of($"<div><dt>Project</dt><dd>{project}</dd></div>") : default)}
        <div><dt>Keys</dt><dd>{iap.Keys}{(iap.KeysAgeSeconds is { } age ? $", loaded {PageWords.Duration(age)} ago" : ", not loaded yet")}</dd></div>
        {(iap.KeysLastError is { } error ? Html.Of($"""<div><dt>Error</dt><dd class="bad">{error}</dd></div>""") : default)}
        </dl>
        </section>
        """);
}
