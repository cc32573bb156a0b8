using OriginGuard.Sample.Attempts;
using OriginGuard.Sample.Endpoints;
using OriginGuard.Sample.Simulated;

namespace OriginGuard.Sample.Page;

/// <summary>What the guard saw, in the order in which it asked.</summary>
internal static class LayersSection
{
    public static Html Render(WhoAmI seen, Simulation? simulation) => Html.Of($"""
        <section aria-labelledby="layers">
        <h2 id="layers">What the guard saw</h2>
        <ol class="layers">
        {Layer(seen, "headers", "Headers", Headers, Headers)}
        {Layer(seen, "address", "Source address", Address(seen), Html.Of($"No address was asked for, or none matched."))}
        {Layer(seen, "secret", "Shared secret", Secret(seen), Html.Of($"No secret was asked for, or none matched."))}
        {Layer(seen, "iap", "Signed-in user", User(seen), NobodySignedIn(simulation))}
        </ol>
        </section>
        """);

    private static Html Headers =>
        Html.Of($"No guarded header came in disguise: no look-alike name, none named in <code>Connection</code>.");

    /// <param name="seen">What was found.</param>
    /// <param name="code">How the reasons of this layer begin.</param>
    /// <param name="name">The layer.</param>
    /// <param name="right">What to say when it is satisfied; null when it had nothing to check with.</param>
    /// <param name="off">What to say then.</param>
    private static Html Layer(WhoAmI seen, string code, string name, Html? right, Html off)
    {
        var spoke = seen.Reason?.StartsWith(code, StringComparison.Ordinal) is true;
        var (state, label, words) = (seen.Verdict, spoke, right) switch
        {
            ("exempted", _, _) => ("off", "not asked", Html.Of($"This request needed no answer from it.")),
            (_, true, _) => ("wrong", "not satisfied", Html.Of($"{ReasonWords.Of(seen.Reason!)} <code>{seen.Reason}</code>")),
            (_, _, { } satisfied) => ("right", "satisfied", satisfied),
            _ => ("off", "off", off),
        };
        return Html.Of($"""
            <li class="{state}"><h3>{name} <span class="state">{label}</span></h3>
            <p>{words}</p></li>
            """);
    }

    private static Html? Address(WhoAmI seen) => seen.MatchedNetwork is null ? null : Html.Of(
        $"The connection comes from <code>{seen.PeerAddress}</code>, which lies in <code>{seen.MatchedNetwork}</code>, one of the load balancer's ranges.");

    private static Html? Secret(WhoAmI seen) => seen.SecretSlot switch
    {
        null => null,
        0 => Html.Of($"The request carried the current secret, once. Only your load balancer knows it."),
        { } slot => Html.Of($"The request carried secret number {slot + 1} of those configured: a former one, as while it is being changed."),
    };

    private static Html? User(WhoAmI seen) => seen.User is null ? null : Html.Of(
        $"Identity-Aware Proxy signed for <strong>{seen.User.Email ?? "somebody without an email"}</strong>, <code>{seen.User.Subject ?? "no subject"}</code>.");

    private static Html NobodySignedIn(Simulation? simulation) => simulation is null || simulation.SignsIn
        ? Html.Of($"No assertion of Identity-Aware Proxy was asked for, or it was not valid.")
        : Html.Of($"No assertion of Identity-Aware Proxy was asked for. Start the sample with <code>--Sample:Iap=true</code> to be signed in.");
}
