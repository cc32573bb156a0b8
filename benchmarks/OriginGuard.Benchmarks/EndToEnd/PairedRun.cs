using System.Text.Json;
using OriginGuard.Benchmarks.Results;

namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>
/// Loads two origins in turn, A B then B A, so that whatever drifts while it runs falls on both. Rounds are short: neighbours that lie closer together in
/// time differ less by what else the machine does.
/// </summary>
internal sealed class PairedRun(ChildProcess load, double roundSeconds, bool isQuick)
{
    private const double WarmUpSeconds = 0.5;

    public async Task<PairFigure> MeasureAsync(Comparison comparison)
    {
        List<LoadFigure> references = [];
        List<LoadFigure> subjects = [];
        for (var start = 0; start < (isQuick ? 1 : comparison.Starts); start++)
        {
            await using var reference = await RunningOrigin.StartAsync(comparison.Reference.Origin);
            await using var subject = await RunningOrigin.StartAsync(comparison.Subject.Origin);
            await WarmUpAsync(comparison, comparison.Reference, reference);
            await WarmUpAsync(comparison, comparison.Subject, subject);
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

    /// <summary>
    /// An origin is measured once the runtime has done its work on it: what it compiled in haste is several times as slow, and the guard, which comes with
    /// no code made beforehand, would pay for it where the framework does not.
    /// </summary>
    private async Task WarmUpAsync(Comparison comparison, Side side, RunningOrigin origin)
    {
        var steadiness = new Steadiness();
        do
        {
            await RoundAsync(comparison, side, origin, isQuick ? roundSeconds : WarmUpSeconds);
        }
        while (!isQuick && !steadiness.IsReached((await origin.StateAsync()).CompiledMethods));
    }

    private Task<LoadFigure> RoundAsync(Comparison comparison, Side side, RunningOrigin origin) => RoundAsync(comparison, side, origin, roundSeconds);

    private async Task<LoadFigure> RoundAsync(Comparison comparison, Side side, RunningOrigin origin, double seconds)
    {
        var order = new LoadOrder
        {
            Port = origin.Port,
            Seconds = seconds,
            Request = $"GET / HTTP/1.1\r\nHost: localhost\r\n{comparison.Header}{(comparison.IsConnectionLoad ? "Connection: close\r\n" : "")}\r\n",
            Sources = side.Sources,
            Depth = comparison.Depth,
            IsConnectionLoad = comparison.IsConnectionLoad,
        };
        var before = await origin.StateAsync();
        var count = JsonSerializer.Deserialize<LoadCount>(await load.AskAsync(JsonSerializer.Serialize(order)))!;
        var after = await origin.StateAsync();
        return count.Mistake is null
            ? new LoadFigure(count.Count, count.Seconds, after.CpuSeconds - before.CpuSeconds)
            : throw new InvalidOperationException($"{comparison.Suite}, {comparison.Name}: {count.Mistake}");
    }
}
