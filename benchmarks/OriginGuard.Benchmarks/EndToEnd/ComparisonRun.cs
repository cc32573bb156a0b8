using OriginGuard.Benchmarks.Results;

namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>
/// Loads all origins of a comparison in turn, A B C then B C A then C A B, so that whatever drifts while it runs falls on all of them and none has an easier
/// neighbour. Rounds are short: what lies closer together in time differs less by what else the machine does.
/// </summary>
internal sealed class ComparisonRun(Rounds rounds, double roundSeconds, bool isQuick)
{
    /// <returns>Each subject beside the reference.</returns>
    public async Task<IReadOnlyList<PairFigure>> MeasureAsync(Comparison comparison)
    {
        Side[] sides = [comparison.Reference, .. comparison.Subjects.Select(static subject => subject.Side)];
        List<LoadFigure>[] figures = [.. sides.Select(static _ => new List<LoadFigure>())];
        for (var start = 0; start < (isQuick ? 1 : comparison.Starts); start++)
        {
            await RunAsync(comparison, sides, figures);
        }

        return [.. comparison.Subjects.Select((subject, i) => new PairFigure(comparison.Suite, subject.Name, subject.Size, figures[0], figures[i + 1]))];
    }

    private async Task RunAsync(Comparison comparison, Side[] sides, List<LoadFigure>[] figures)
    {
        List<RunningOrigin> origins = [];
        try
        {
            foreach (var side in sides)
            {
                var origin = await RunningOrigin.StartAsync(side.Origin);
                origins.Add(origin);
                await rounds.WarmUpAsync(comparison, side, origin);
            }

            for (var round = 0; round < (isQuick ? 2 : comparison.Rounds); round++)
            {
                for (var i = 0; i < sides.Length; i++)
                {
                    var turn = (round + i) % sides.Length;
                    figures[turn].Add(await rounds.RunAsync(comparison, sides[turn], origins[turn], roundSeconds));
                }
            }
        }
        finally
        {
            foreach (var origin in origins)
            {
                await origin.DisposeAsync();
            }
        }
    }
}
