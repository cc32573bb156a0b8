using OriginGuard.Benchmarks.Results;

namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>
/// Loads two origins in turn, A B then B A, so that whatever drifts while it runs falls on both. Rounds are short: neighbours that lie closer together in
/// time differ less by what else the machine does.
/// </summary>
internal sealed class PairedRun(Rounds rounds, double roundSeconds, bool isQuick)
{
    public async Task<PairFigure> MeasureAsync(Comparison comparison)
    {
        List<LoadFigure> references = [];
        List<LoadFigure> subjects = [];
        for (var start = 0; start < (isQuick ? 1 : comparison.Starts); start++)
        {
            await using var reference = await RunningOrigin.StartAsync(comparison.Reference.Origin);
            await using var subject = await RunningOrigin.StartAsync(comparison.Subject.Origin);
            await rounds.WarmUpAsync(comparison, comparison.Reference, reference);
            await rounds.WarmUpAsync(comparison, comparison.Subject, subject);
            for (var round = 0; round < (isQuick ? 2 : comparison.Rounds); round++)
            {
                var subjectFirst = (round & 1) != 0;
                var early = subjectFirst ? await RoundAsync(comparison, comparison.Subject, subject) : null;
                var one = await RoundAsync(comparison, comparison.Reference, reference);
                var other = early ?? await RoundAsync(comparison, comparison.Subject, subject);
                references.Add(one);
                subjects.Add(other);
            }
        }

        return new PairFigure(comparison.Suite, comparison.Name, comparison.Size, references, subjects);
    }

    private Task<LoadFigure> RoundAsync(Comparison comparison, Side side, RunningOrigin origin) => rounds.RunAsync(comparison, side, origin, roundSeconds);
}
