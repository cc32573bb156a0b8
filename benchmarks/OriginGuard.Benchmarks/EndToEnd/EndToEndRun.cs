using OriginGuard.Benchmarks.Results;
using OriginGuard.Testing;

namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>Measures all comparisons, one after the other, with one process of load for all.</summary>
internal static class EndToEndRun
{
    private const double Seconds = 0.25;
    private const double QuickSeconds = 0.2;

    public static async Task<IReadOnlyList<PairFigure>> MeasureAsync(bool isQuick)
    {
        using var issuer = new IapAssertionIssuer();
        await using var endpoint = await IapKeyEndpoint.StartAsync(issuer);
        await using var load = ChildProcess.StartLoad();
        var run = new ComparisonRun(new Rounds(load, isQuick), isQuick ? QuickSeconds : Seconds, isQuick);
        List<PairFigure> figures = [];
        foreach (var comparison in Comparisons.All(endpoint.Uri, issuer.Issue(OriginRole.Audience)))
        {
            foreach (var figure in await run.MeasureAsync(comparison))
            {
                Console.WriteLine(Line(figure));
                figures.Add(figure);
            }
        }

        return figures;
    }

    private static FormattableString Row(PairFigure figure) =>
        $"{figure.Suite,-12} {figure.Name,-38} {figure.Size,9:N0} {PairFigure.PerSecond(figure.Subject).Median,10:N0}/s, ratio {figure.ThroughputRatio().Median:0.000}; CPU {PairFigure.Cpu(figure.Reference).Median:0.00} -> {PairFigure.Cpu(figure.Subject).Median:0.00} us; busy {PairFigure.Busy(figure.Subject).Median:0.00}";

    private static string Line(PairFigure figure) => FormattableString.Invariant(Row(figure));
}
