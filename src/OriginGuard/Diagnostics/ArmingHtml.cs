using OriginGuard.Arming;

namespace OriginGuard.Diagnostics;

/// <summary>Who would be locked out, and whether the guard can refuse.</summary>
internal static class ArmingHtml
{
    public static Html Render(ArmingReport report) => Html.Of($"""
        <section class="wide" aria-labelledby="arming">
        <h2 id="arming">{(report.IsArmed ? "Who is locked out" : "Who would be locked out")}: <span class="verdict" data-verdict="{(report.Breaks.Count > 0 ? "refused" : report.Verdict == ArmingReport.Ready ? "admitted" : "undetermined")}">{report.Verdict}</span></h2>
        <p>{report.Summary}</p>
        {Callers(report.Breaks)}
        {(report.Earlier.Count == 0 ? default : Html.Of($"""<p>Not seen lately; look whether they were mended, or only come rarely:</p>{Callers(report.Earlier)}"""))}
        <p>Strangers: {report.Strangers.Requests} request{(report.Strangers.Requests == 1 ? "" : "s")}, which the guard is for.{(report.Strangers.Steady.Count == 0 ? "" : " These keep coming; one of them may be a partner:")}</p>
        {Callers(report.Strangers.Steady)}
        <p class="why">Since {PageWords.At(report.Since)}: {report.Admitted} admitted, {report.Undetermined} that the guard could not tell about.</p>
        </section>
        """);

    private static Html Callers(IReadOnlyList<ArmingCaller> callers) => callers.Count == 0 ? default : Html.Of($"""
        <table>
        <thead><tr><th scope="col">Who</th><th scope="col">What it does</th><th scope="col">Last seen</th><th scope="col" class="number">Requests</th></tr></thead>
        <tbody>
        {Html.Each(callers, Row)}
        </tbody>
        </table>
        """);

    private static Html Row(ArmingCaller caller) => Html.Of($"""
        <tr><th scope="row">{caller.Who}<p class="why">{caller.Remedy}</p></th>
        <td>{Html.Each(caller.Reasons, static reason => Html.Of($"{PageWords.Reason(reason)} "))}<div>from {Codes(caller.Networks)}</div><div>calls {Codes(caller.Routes)}</div></td>
        <td>{PageWords.At(caller.LastSeen)}</td><td class="number">{caller.Reported + caller.Refused}</td></tr>

        """);

    private static Html Codes(IReadOnlyList<string> texts) => Html.Each(texts, static text => Html.Of($"<code>{text}</code> "));
}
