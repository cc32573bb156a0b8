using Microsoft.Coyote.Specifications;
using OriginGuard.Refreshing;
using OriginGuard.TestKit;

namespace OriginGuard.Coyote;

/// <summary>The loop that refreshes ranges and keys, while others wake it, give its turns up and end it.</summary>
internal static class RefreshLoopTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    public static Func<Task>[] All => [A_wish_is_not_lost, An_interruption_is_not_lost, After_the_stop_no_turn_runs];

    public static async Task A_wish_is_not_lost()
    {
        var published = 0;
        var seen = new TaskCompletionSource();
        var loop = new RefreshLoop(
            _ =>
            {
                if (Volatile.Read(ref published) == 1)
                {
                    seen.TrySetResult();
                }

                return Task.FromResult(Long);
            },
            static failure => Specification.Assert(false, $"The loop has ended: {failure}"),
            new ManualTimeProvider());
        _ = Task.Run(() => loop.RunAsync(CancellationToken.None));
        await Task.Run(() =>
        {
            Volatile.Write(ref published, 1);
            loop.Wish();
        });

        // Time stands still: only the wish can bring another turn, and a wait without an end is a bug.
        await seen.Task;
    }

    public static async Task An_interruption_is_not_lost()
    {
        var published = 0;
        var seen = new TaskCompletionSource();
        var loop = new RefreshLoop(
            async stop =>
            {
                await Task.Yield();
                if (Volatile.Read(ref published) == 2)
                {
                    seen.TrySetResult();
                }

                return Long;
            },
            static failure => Specification.Assert(false, $"The loop has ended: {failure}"),
            new ManualTimeProvider());
        _ = Task.Run(() => loop.RunAsync(CancellationToken.None));
        for (var times = 0; times < 2; times++)
        {
            _ = Task.Run(() =>
            {
                Interlocked.Increment(ref published);
                loop.Interrupt();
            });
        }

        await seen.Task;
    }

    public static async Task After_the_stop_no_turn_runs()
    {
        var (turns, ended) = (0, false);
        using var stop = new CancellationTokenSource();
        var loop = new RefreshLoop(
            async token =>
            {
                Specification.Assert(Interlocked.Increment(ref turns) == 1, "Two turns at a time.");
                Specification.Assert(!Volatile.Read(ref ended), "A turn began after the end.");
                await Task.Yield();
                Interlocked.Decrement(ref turns);
                token.ThrowIfCancellationRequested();
                return TimeSpan.Zero;
            },
            static failure => Specification.Assert(false, $"The loop has ended: {failure}"),
            new ManualTimeProvider());
        var running = Task.Run(() => loop.RunAsync(stop.Token));
        var interrupting = Task.Run(loop.Interrupt);
        var wishing = Task.Run(loop.Wish);
        await Task.Run(stop.Cancel);
        await running;
        Volatile.Write(ref ended, true);
        await Task.WhenAll(interrupting, wishing, loop.FirstTurn);
    }
}
