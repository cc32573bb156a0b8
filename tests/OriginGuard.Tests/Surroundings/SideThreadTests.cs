using OriginGuard.Surroundings;
using OriginGuard.TestKit;
using OriginGuard.Tests.Ranges;
using Xunit;

namespace OriginGuard.Tests.Surroundings;

/// <summary>Work of the application's own that is given up again and again.</summary>
public sealed class SideThreadTests
{
    private readonly ManualTimeProvider _clock = new();

    /// <summary>Each of them holds a thread of the pool: a few may, and not one more for each try of a day.</summary>
    [Fact]
    public async Task Of_farewells_that_block_there_are_never_more_than_four()
    {
        var thread = new SideThread(_clock);
        using var release = new ManualResetEventSlim();
        var (begun, told) = (0, 0);
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            using var giveUp = new CancellationTokenSource();
            var running = thread.RunAsync(WorkAsync, giveUp.Token);
            await SupplyScene.UntilAsync(() => Volatile.Read(ref begun) == attempt);
            await giveUp.CancelAsync();
            await SupplyScene.UntilAsync(() => Volatile.Read(ref told) == attempt && _clock.ArmedTimers is [{ TotalSeconds: 1 }]);
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        var fifth = thread.RunAsync(WorkAsync, TestContext.Current.CancellationToken);
        for (var yields = 0; yields < 1000 && Volatile.Read(ref begun) == 4; yields++)
        {
            await Task.Yield(); // whatever would begin comes to its turn
        }

        var before = Volatile.Read(ref begun);
        release.Set();
        await SupplyScene.UntilAsync(() => Volatile.Read(ref begun) == 5);
        Assert.Equal(4, before);
        Assert.False(fifth.IsCompleted);

        Task<int> WorkAsync(CancellationToken cancellationToken)
        {
            cancellationToken.Register(() =>
            {
                Interlocked.Increment(ref told);
                release.Wait(TimeSpan.FromMinutes(1)); // longer than anybody here waits
            });
            Interlocked.Increment(ref begun);
            return new TaskCompletionSource<int>().Task;
        }
    }

    /// <summary>The application hears of what nobody has observed, and may end the process for it.</summary>
    [Fact]
    public async Task What_fails_when_nobody_waits_for_it_any_more_is_no_news_for_the_application()
    {
        var unobserved = new List<Exception>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs missed) => unobserved.AddRange(missed.Exception.InnerExceptions.Where(static inner => inner.Message == "too late"));
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            await GiveUpAsync();
            for (var round = 0; round < 20 && unobserved.Count == 0; round++)
            {
                await Task.Yield();
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        Assert.Empty(unobserved);
    }

    private async Task GiveUpAsync()
    {
        var (begun, end) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource());
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var giveUp = new CancellationTokenSource();
        var running = new SideThread(_clock).RunAsync<int>(
            async _ =>
            {
                begun.SetResult();
                await end.Task;
                ended.SetResult();
                throw new InvalidOperationException("too late");
            },
            giveUp.Token);
        await begun.Task;
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        end.SetResult();
        await ended.Task;
    }
}
