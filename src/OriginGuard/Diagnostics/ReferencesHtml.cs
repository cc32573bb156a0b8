using OriginGuard.References;

namespace OriginGuard.Diagnostics;

/// <summary>Opens a reference of a request that was not admitted.</summary>
internal static class ReferencesHtml
{
    public static Html Render(ReferencesDiagnosis? references) => references is null ? default : Html.Of($"""
        <section class="wide" aria-labelledby="references">
        <h2 id="references">References</h2>
        <p>Answers that are not admitted carry a reference, sealed with key <code>{references.KeyId}</code>{(references.IsOfProcess ? ", which ends with this process" : "")}.</p>
        <form method="get" action="#references">
        <input type="hidden" name="format" value="html">
        <label>Reference <input name="reference" size="40" maxlength="2000" autocomplete="off" spellcheck="false" required></label> <button>Open</button>
        </form>
        {(references.Problem is { } problem ? Html.Of($"""<p class="bad" role="alert">{problem}</p>""") : default)}
        {(references.Opened is { } opened ? Opened(opened) : default)}
        </section>
        """);

    private static Html Opened(Explanation opened) => Html.Of($"""
        <h3><span class="verdict" data-verdict="{opened.Verdict}">{opened.Verdict}</span> <code>{opened.Reason}</code></h3>
        <dl class="facts">
        <div><dt>Time</dt><dd>{opened.When}</dd></div>
        <div><dt>Machine</dt><dd>{opened.Instance}</dd></div>
        <div><dt>Peer</dt><dd>{opened.Peer}</dd></div>
        <div><dt>Request</dt><dd>{opened.Request}</dd></div>
        {Html.Each(opened.Layers, Layer)}
        </dl>
        <p>{opened.Cause}</p>
        <p><strong>First thing to do:</strong> {opened.FirstStep} {PageWords.Link(opened.Page)}</p>
        """);

    private static Html Layer(LayerExplanation layer) =>
        Html.Of($"<div><dt>{PageWords.Layer(layer.Layer)}</dt><dd>{(layer.IsDecisive ? Html.Of($"<strong>{layer.Said}</strong>") : Html.Of($"{layer.Said}"))}</dd></div>\n");
}
