using OriginGuard.Diagnostics;
using OriginGuard.Sample.Attempts;
using OriginGuard.Sample.Simulated;

namespace OriginGuard.Sample.Page;

/// <summary>What the guard saw, in the order in which it asked.</summary>
internal static class LayersSection
{
    public static Html Render(IOriginGuardFeature found, Simulation? simulation) => Html.Of($"""
        <section aria-labelledby="layers">
        <h2 id="layers">What the guard saw</h2>
        <ol class="layers">
        {Html.Each(found.Layers, layer => Layer(layer, simulation))}
        </ol>
        <p class="note">Where its ranges come from, and what else it knows: <a href="/_originguard">diagnostics</a>, for requests that it admits.</p>
        </section>
        """);

    private static Html Layer(LayerFinding layer, Simulation? simulation)
    {
        var (state, label) = layer switch
        {
            { Mode: LayerMode.Disabled } => ("off", "off"),
            { Verdict: null } => ("off", "not asked"),
            { Verdict.IsAllowed: true } => ("right", "satisfied"),
            _ => ("wrong", "not satisfied"),
        };
        return Html.Of($"""
            <li class="{state}"><h3>{NameOf(layer.Layer)} <span class="state">{label}</span></h3>
            <p>{Words(layer)}{HowToSignIn(layer, simulation)}</p></li>

            """);
    }

    private static Html Words(LayerFinding layer) => layer.Verdict?.Code is { } code
        ? Html.Of($"{ReasonWords.Of(code)} <code>{code}</code>")
        : Html.Of($"{layer.Explanation}");

    private static Html HowToSignIn(LayerFinding layer, Simulation? simulation) => layer.Layer is GuardLayer.Iap && simulation?.SignsIn is false
        ? Html.Of($" Start the sample with <code>--Sample:Iap=true</code> to be signed in.")
        : default;

    private static string NameOf(GuardLayer layer) => layer switch
    {
        GuardLayer.Headers => "Headers",
        GuardLayer.SourceAddress => "Source address",
        GuardLayer.SharedSecret => "Shared secret",
        _ => "Signed-in user",
    };
}
