using OriginGuard.Diagnostics;
using OriginGuard.Sample.Attempts;
using OriginGuard.Sample.Simulated;

namespace OriginGuard.Sample.Page;

/// <summary>The attempts, each a form of its own, so that they also work without JavaScript.</summary>
internal static class AttemptsSection
{
    public static Html Render(Simulation? simulation, AttemptResult? result) => simulation is null ? default : Html.Of($"""
        <section class="wide" aria-labelledby="attempts">
        <div class="heading">
        <h2 id="attempts">Try to get in another way</h2>
        <button type="button" id="try-all" class="quiet" hidden>Try them all</button>
        </div>
        <p>Each button makes the sample send one request to itself over a real socket, to the letter, and shows what the guard answered.</p>
        <p id="tally" class="tally" role="status"></p>
        <p id="announcement" class="unseen" role="status"></p>
        {Html.Each(AttemptCatalogue.For(simulation).GroupBy(static attempt => attempt.Way), group => Group(group.Key, group, result))}
        </section>
        """);

    private static Html Group(Way way, IEnumerable<Attempt> attempts, AttemptResult? result)
    {
        var (name, meaning) = WordsOf(way);
        return Html.Of($"""
            <div class="group">
            <div class="way">
            <h3>{name}</h3>
            <p>{meaning}</p>
            </div>
            <ul class="attempts">
            {Html.Each(attempts, attempt => Row(attempt, result?.Attempt == attempt.Id ? result : null))}
            </ul>
            </div>

            """);
    }

    private static Html Row(Attempt attempt, AttemptResult? result) => Html.Of($"""
        <li id="attempt-{attempt.Id}">
        <form method="post" action="/try/{attempt.Id}#attempt-{attempt.Id}">
        <h4>{attempt.Title}</h4>
        <p>{attempt.Story}</p>
        <button>Try it<span class="unseen">: {attempt.Title}</span></button>
        </form>
        <div class="outcome">{(result is null ? default : Outcome(result))}</div>
        </li>

        """);

    private static Html Outcome(AttemptResult result) => Html.Of($"""
        <p class="answer" data-expected="{(result.AsExpected ? "yes" : "no")}"><strong class="{(result.Verdict is "admitted" ? "pill in" : "pill")}">{result.Seen}</strong>
        {result.Explanation}{(result.AsExpected ? default : Html.Of($" <strong>{result.Expected} was expected.</strong>"))}</p>
        <details>
        <summary>From {result.From} to {result.To}</summary>
        <pre tabindex="0" aria-label="Request">{result.Request}</pre>
        <pre tabindex="0" aria-label="Answer">{result.Response}</pre>
        </details>
        """);

    private static (string Name, string Meaning) WordsOf(Way way) => way switch
    {
        Way.ThroughLoadBalancer => ("Through the load balancer", "As every client should come: the load balancer rewrites the request and adds the secret."),
        Way.Around => ("Around it", "Straight from a client to the origin's own address, which does not stay secret for long."),
        _ => ("From its address", "Straight to the origin, but from the load balancer's address: what its other customers can do."),
    };
}
