using Microsoft.Extensions.Options;
using OriginGuard.Diagnostics;
using OriginGuard.Sample.Endpoints;
using OriginGuard.Sample.Simulated;

namespace OriginGuard.Sample.Page;

/// <summary>What is left of the request for the application.</summary>
internal static class ApplicationSection
{
    public static Html Render(HttpContext context, WhoAmI seen, Simulation? simulation) => Html.Of($"""
        <section aria-labelledby="application">
        <h2 id="application">What the application sees</h2>
        <dl class="facts">
        {Fact("Client, says the guard", seen.ClientAddress ?? "unknown")}
        {Fact("Remote address", seen.RemoteAddress ?? "none")}
        {Fact("Scheme", seen.Scheme)}
        {Fact("User", seen.User?.Email ?? seen.User?.Subject ?? "nobody")}
        </dl>
        <details>
        <summary>The {seen.Headers.Count} header fields</summary>
        <div class="scroll" tabindex="0" role="region" aria-label="Header fields">
        <table>
        <thead><tr><th scope="col">Name</th><th scope="col">Value</th></tr></thead>
        <tbody>
        {Html.Each(seen.Headers.SelectMany(static header => header.Value.Select(value => Line(header.Key, value))), static part => part)}
        </tbody>
        </table>
        </div>
        </details>
        {SecretIsGone(context, seen)}
        {Commands(simulation)}
        </section>
        """);

    private static Html Fact(string name, string value) => Html.Of($"<div><dt>{name}</dt><dd>{value}</dd></div>");

    private static Html Line(string name, string? value) => Html.Of($"""<tr><th scope="row">{name}</th><td>{value}</td></tr>""");

    private static Html SecretIsGone(HttpContext context, WhoAmI seen)
    {
        var header = context.RequestServices.GetRequiredService<IOptions<OriginGuardOptions>>().Value.SharedSecret.HeaderName;
        return seen.SecretSlot is null || seen.Headers.ContainsKey(header)
            ? default
            : Html.Of($"""<p class="note"><code>{header}</code> is not among them: the guard took the secret off once it had read it.</p>""");
    }

    private static Html Commands(Simulation? simulation) => simulation is null ? default : Html.Of($"""
        <p>In a terminal, through the load balancer and around it:</p>
        <pre class="commands" tabindex="0" aria-label="Commands">curl -i {simulation.LoadBalancer.GetLeftPart(UriPartial.Authority)}/whoami
        curl -i {simulation.Origin.GetLeftPart(UriPartial.Authority)}/whoami</pre>
        """);
}
