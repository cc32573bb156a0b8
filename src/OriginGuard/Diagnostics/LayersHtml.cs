namespace OriginGuard.Diagnostics;

/// <summary>What each layer said about the request that asks.</summary>
internal static class LayersHtml
{
    public static Html Render(Diagnosis diagnosis) => Html.Of($"""
        <section class="wide" aria-labelledby="layers">
        <h2 id="layers">This request: <span class="verdict" data-verdict="{diagnosis.Request.Verdict}">{diagnosis.Request.Verdict}</span></h2>
        <dl class="facts">
        {Fact("Peer", diagnosis.Request.PeerAddress ?? "none")}
        {Fact("Peer read from", From(diagnosis.Request))}
        {Fact("In the network", diagnosis.Request.MatchedNetwork ?? "none")}
        {Fact("Client", diagnosis.Request.ClientAddress ?? "unknown")}
        </dl>
        <ol class="layers">
        {Html.Each(diagnosis.Layers, Layer)}
        </ol>
        </section>
        """);

    private static Html Fact(string name, string value) => Html.Of($"<div><dt>{name}</dt><dd>{value}</dd></div>\n");

    private static string From(RequestDiagnosis request) =>
        request.ForwardedForPosition is { } position ? $"X-Forwarded-For, entry {position} from the right" : "the connection";

    private static Html Layer(LayerDiagnosis layer) => Html.Of($"""
        <li class="{State(layer)}"><h3>{PageWords.Layer(layer.Layer)} <span class="state">{(layer.IsOn ? layer.Verdict ?? "not asked" : "off")}</span>{Mode(layer)}</h3>
        <p>{layer.Explanation}</p>{(layer.IsOn ? Html.Of($"""<p class="why">{layer.Why}</p>""") : default)}</li>

        """);

    private static string State(LayerDiagnosis layer) => (layer.IsOn, layer.Verdict) switch
    {
        (false, _) => "off",
        (_, "admitted") => "right",
        _ => "wrong",
    };

    private static Html Mode(LayerDiagnosis layer) =>
        layer.Mode is nameof(LayerMode.ReportOnly) ? Html.Of($""" <span class="mild">only reports</span>""") : default;
}
