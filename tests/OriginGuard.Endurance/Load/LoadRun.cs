using System.Diagnostics;
using System.Globalization;

namespace OriginGuard.Endurance.Load;

/// <summary>Many requests while everything around the guard changes and fails. Origins and callers are one process, which makes what is kept easy to see.</summary>
internal static class LoadRun
{
    private const int Parts = 10;
    private const double MostGrowth = 1.05;

    // Fewer show that nothing is wrong, and not that nothing grows.
    private const int FewestForGrowth = 1_000_000;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <returns>0: not one wrong answer, and no growth; 1 otherwise.</returns>
    public static async Task<int> RunAsync(int requests)
    {
        var tally = new Tally();
        using var memory = new KeptMemory();
        var start = TimeProvider.System.GetTimestamp();
        await using var world = await Disturbances.StartAsync();
        using var callers = new Callers(world, tally);
        var asking = callers.RunAsync();
        using var enough = new CancellationTokenSource();
        var turns = DisturbAsync(world, enough.Token);
        var isLong = requests >= FewestForGrowth;

        // What is kept of the first failure of each kind, such as the buffer of a huge answer, is no growth.
        await UntilAsync(() => !isLong || world.Turns >= Disturbances.TurnsUntilAllAreMet);
        var before = tally.Requests;
        List<long> kept = [];
        for (var part = 1; part <= Parts; part++)
        {
            await UntilAsync(() => tally.Requests - before >= (long)requests * part / Parts);
            await callers.PauseAsync();
            kept.Add(await memory.MeasureAsync());
            using var process = Process.GetCurrentProcess();
            Print($"{tally.Requests,12:N0} requests  {kept[^1] / 1024,8:N0} KiB kept  {memory.Pooled / 1024,6:N0} KiB of buffers  {process.WorkingSet64 / 1024 / 1024,5:N0} MiB resident  {tally.Wrong} wrong");
            callers.Resume();
        }

        await enough.CancelAsync();
        await turns;
        callers.Stop();
        await asking;
        var growth = (double)kept[^1] / kept[0];
        Print($"{tally.Requests:N0} requests in {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0} s, {tally.Http2:N0} of them by HTTP/2; {tally.Admitted:N0} admitted; {world.Turns} disturbances");
        Print($"{tally.Wrong} wrong, {tally.ServerErrors} of status 500; kept at the end: {growth:0.000} of what was kept after the first tenth");
        foreach (var example in tally.Examples)
        {
            Console.WriteLine($"  {example}");
        }

        return tally.Wrong == 0 && (!isLong || growth <= MostGrowth) ? 0 : 1;

        async Task UntilAsync(Func<bool> isSo)
        {
            while (!isSo() && !asking.IsCompleted && !turns.IsCompleted)
            {
                await Task.Delay(Look, TimeProvider.System);
            }
        }
    }

    /// <summary>At least one round: each of them is met, however few the requests are.</summary>
    private static async Task DisturbAsync(Disturbances world, CancellationToken enough)
    {
        while (world.Turns < Disturbances.TurnsOfARound || !enough.IsCancellationRequested)
        {
            await world.TakeTurnAsync();
        }
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
