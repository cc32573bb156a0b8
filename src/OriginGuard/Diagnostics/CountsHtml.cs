namespace OriginGuard.Diagnostics;

/// <summary>The verdicts since the start.</summary>
internal static class CountsHtml
{
    public static Html Render(CountsDiagnosis counts) => Html.Of($"""
        <section aria-labelledby="counts">
        <h2 id="counts">Verdicts</h2>
        <p>Since the start at {PageWords.At(counts.Since)}.</p>
        <table>
        <thead><tr><th scope="col">Verdict</th><th scope="col" class="number">Enforced</th><th scope="col" class="number">Only reported</th></tr></thead>
        <tbody>
        {Html.Each(counts.Requests, Row)}
        </tbody>
        </table>
        </section>
        """);

    private static Html Row(CountDiagnosis count) => Html.Of($"""
        <tr><th scope="row">{count.Verdict}{(count.Reason is { } reason ? Html.Of($" {PageWords.Reason(reason)}") : default)}</th>
        <td class="number">{count.Enforced}</td><td class="number">{count.Reported}</td></tr>

        """);
}
