using Microsoft.AspNetCore.Http.Features;
using OriginGuard.Diagnostics;
using OriginGuard.Sample.Attempts;
using OriginGuard.Sample.Endpoints;
using OriginGuard.Sample.Simulated;

namespace OriginGuard.Sample.Page;

/// <summary>The page: what the guard saw of this request, what was left of it for the application, and other ways to try.</summary>
internal static class HomePage
{
    public static Html Render(HttpContext context, Simulation? simulation, AttemptResult? result)
    {
        var seen = WhoAmI.Of(context);
        var (title, lede) = Headline(seen);
        return Html.Of($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{title} - OriginGuard</title>
            <link rel="icon" href="/icon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/page.css">
            <script src="/page.js" type="module"></script>
            </head>
            <body>
            <header class="top">
            <p class="brand">OriginGuard</p>
            <p class="verdict" data-verdict="{seen.Verdict}">{seen.Verdict}</p>
            <h1>{title}</h1>
            <p class="lede">{lede}</p>
            {RouteSection.Render(seen, simulation)}
            </header>
            <main>
            {LayersSection.Render(context.Features.GetRequiredFeature<IOriginGuardFeature>(), simulation)}
            {ApplicationSection.Render(context, seen, simulation)}
            {AttemptsSection.Render(simulation, result)}
            </main>
            <footer>
            <p>The same for machines: <a href="/whoami">/whoami</a> says what the guard found, <a href="/health">/health</a> how the guard is,
            and <a href="/_originguard?format=json">/_originguard</a> explains both.</p>
            </footer>
            </body>
            </html>

            """);
    }

    private static (string Title, string Lede) Headline(WhoAmI seen) => seen.Verdict switch
    {
        "admitted" => ("You came through the load balancer", "Every layer that is on was satisfied, so the guard let this request in. Here is what it went by."),
        "exempted" => ("The guard was not asked", "It is switched off, or this path is exempt: whoever sends a request gets this answer."),
        "refused" => ("This request should not have come in", $"The guard only reports, or else it would have been refused. {ReasonWords.Of(seen.Reason ?? "")}"),
        _ => ("The guard could not tell", $"It only reports, or else it would have answered 503. {ReasonWords.Of(seen.Reason ?? "")}"),
    };
}
