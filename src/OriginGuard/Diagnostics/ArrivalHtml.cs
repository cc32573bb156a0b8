namespace OriginGuard.Diagnostics;

/// <summary>In what form the request that asks arrived.</summary>
internal static class ArrivalHtml
{
    public static Html Render(ArrivalDiagnosis arrived) => Html.Of($"""
        <section aria-labelledby="arrived">
        <h2 id="arrived">How it arrived</h2>
        <dl class="facts">
        <div><dt>Protocol</dt><dd>{arrived.Protocol}</dd></div>
        <div><dt>Headers</dt><dd>{arrived.HeaderLines} lines, {arrived.HeaderOctets} octets</dd></div>
        <div><dt>Lines with the secret</dt><dd>{arrived.SecretLines}</dd></div>
        <div><dt>Lines with an assertion</dt><dd>{arrived.AssertionLines}</dd></div>
        <div><dt>Entries of X-Forwarded-For</dt><dd>{arrived.ForwardedForEntries}</dd></div>
        <div><dt>Added on the way</dt><dd>{string.Join(", ", arrived.FrontEndHeaders)}</dd></div>
        </dl>
        </section>
        """);
}
