using System.Text.Json;
using OriginGuard.Benchmarks.Results;

namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>Loads two origins in turn, A B then B A, so that whatever drifts while it runs falls on both.</summary>
internal sealed class PairedRun(ChildProcess load, double roundSeconds, bool isQuick)
{
    private const int WarmUpRounds = 2;

    public async Task<PairFigure> MeasureAsync(Comparison comparison)
    {
        List<LoadFigure> references = [];
        List<LoadFigure> subjects = [];
        for (var start = 0; start < (isQuick ? 1 : comparison.Starts); start++)
        {
            await using var reference = await RunningOrigin.StartAsync(comparison.Reference.Origin);
            await using var subject = await RunningOrigin.StartAsync(comparison.Subject.Origin);
            for (var round = -WarmUpRounds; round < (isQuick ? 2 : comparison.Rounds); round++)
            {
                var subjectFirst = (round & 1) != 0;
                var early = subjectFirst ? await RoundAsync(comparison, comparison.Subject, subject) : null;
                var one = await RoundAsync(comparison, comparison.Reference, reference);
                var other = early ?? await RoundAsync(comparison, comparison.Subject, subject);
                if (round >= 0)
                {
                    references.Add(one);
                    subjects.Add(other);
                }
            }
        }

        return new PairFigure(comparison.Suite, comparison.Name, comparison.Size, references, subjects);
    }

    private async Task<LoadFigure> RoundAsync(Comparison comparison, Side side, RunningOrigin origin)
    {
        var order = new LoadOrder
        {
            Port = origin.Port,
            Seconds = roundSeconds,
            Request = $"GET / HTTP/1.1\r\nHost: localhost\r\n{comparison.Header}{(comparison.IsConnectionLoad ? "Connection: close\r\n" : "")}\r\n",
            Sources = side.Sources,
            Depth = comparison.Depth,
            IsConnectionLoad = comparison.IsConnectionLoad,
        };
        var before = await origin.CpuSecondsAsync();
        var count = JsonSerializer.Deserialize<LoadCount>(await load.AskAsync(JsonSerializer.Serialize(order)))!;
        var after = await origin.CpuSecondsAsync();
        return count.Mistake is null
            ? new LoadFigure(count.Count, count.Seconds, after - before)
            : throw new InvalidOperationException($"{comparison.Suite}, {comparison.Name}: {count.Mistake}");
    }
}
