using OriginGuard.Learning;

namespace OriginGuard.Diagnostics;

/// <summary>What arrived while the guard only reports, and the piece of configuration that follows from it.</summary>
internal static class LearnedHtml
{
    public static Html Render(LearnedDiagnosis? learned) => learned is null ? default : Html.Of($"""
        <section class="wide" aria-labelledby="learned">
        <h2 id="learned">What arrived in report-only mode</h2>
        <p>{learned.Requests} request{(learned.Requests == 1 ? "" : "s")} since {PageWords.At(learned.Since)}: {learned.SecretHeader} with the header of the secret, {learned.SecretRight} with a right one.</p>
        <p class="why">{learned.Notice}</p>
        <table>
        <thead><tr><th scope="col">Network</th><th scope="col" class="number">Requests</th><th scope="col" class="number">Vouched for</th></tr></thead>
        <tbody>
        {Html.Each(learned.Networks, Network)}
        </tbody>
        </table>
        {Audiences(learned.Audiences)}
        {Configuration(learned.Configuration)}
        </section>
        """);

    private static Html Network(LearnedNetwork network) => Html.Of($"""
        <tr><th scope="row"><code>{network.Network}</code>{(network.IsInRanges ? " in the ranges" : "")}</th>
        <td class="number">{network.Requests - network.OvercountAtMost}{(network.OvercountAtMost > 0 ? " or more" : "")}</td><td class="number">{network.VouchedFor}</td></tr>

        """);

    private static Html Audiences(IReadOnlyList<LearnedAudience> audiences) => audiences.Count == 0 ? default : Html.Of($"""
        <table>
        <thead><tr><th scope="col">Audience of a signed assertion</th><th scope="col" class="number">Requests</th><th scope="col" class="number">With a right secret</th></tr></thead>
        <tbody>
        {Html.Each(audiences, static seen => Html.Of($"""<tr><th scope="row"><code>{seen.Audience}</code></th><td class="number">{seen.Requests}</td><td class="number">{seen.WithRightSecret}</td></tr>"""))}
        </tbody>
        </table>
        """);

    private static Html Configuration(string? configuration) => configuration is null ? default : Html.Of($"""
        <p>What would admit those that were vouched for and are not admitted yet:</p>
        <pre tabindex="0" aria-label="Configuration">{configuration}</pre>
        """);
}
