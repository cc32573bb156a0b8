using System.Text.Json;
using OriginGuard.Benchmarks.Results;

namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>Rounds of load on an origin, all from one process.</summary>
internal sealed class Rounds(ChildProcess load, bool isQuick)
{
    private const double WarmUpSeconds = 0.5;
    private const double QuickWarmUpSeconds = 0.2;

    /// <summary>
    /// An origin is measured once the runtime has done its work on it: what it compiled in haste is several times as slow, and the guard, which comes with
    /// no code made beforehand, would pay for it where the framework does not.
    /// </summary>
    public async Task WarmUpAsync(Comparison comparison, Side side, RunningOrigin origin)
    {
        var steadiness = new Steadiness();
        do
        {
            await RunAsync(comparison, side, origin, isQuick ? QuickWarmUpSeconds : WarmUpSeconds);
        }
        while (!isQuick && !steadiness.IsReached((await origin.StateAsync()).CompiledMethods));
    }

    public async Task<LoadFigure> RunAsync(Comparison comparison, Side side, RunningOrigin origin, double seconds)
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
            : throw new InvalidOperationException($"{comparison.Suite}: {count.Mistake}");
    }
}
