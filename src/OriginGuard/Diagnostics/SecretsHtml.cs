namespace OriginGuard.Diagnostics;

/// <summary>Which secrets are in use: whether a rotation has ended.</summary>
internal static class SecretsHtml
{
    public static Html Render(SecretsDiagnosis? secrets) => secrets is null ? default : Html.Of($"""
        <section aria-labelledby="secrets">
        <h2 id="secrets">Shared secret</h2>
        <p>Expected in <code>{secrets.HeaderName}</code>. Requests that went on by each since {PageWords.At(secrets.Since)}, when the secrets changed last:</p>
        <table>
        <thead><tr><th scope="col">Slot</th><th scope="col">Last seen</th><th scope="col" class="number">Requests</th></tr></thead>
        <tbody>
        {Html.Each(secrets.Slots, static slot => Html.Of($"""<tr><th scope="row">{slot.Slot}{(slot.Slot == 0 ? ", the current one" : "")}</th><td>{(slot.LastSeen is { } seen ? PageWords.At(seen) : Html.Of($"not yet"))}</td><td class="number">{slot.Matches}</td></tr>"""))}
        </tbody>
        </table>
        {(secrets.Rotation is { } rotation ? Html.Of($"<p><strong>Rotation:</strong> {rotation}</p>") : default)}
        </section>
        """);
}
