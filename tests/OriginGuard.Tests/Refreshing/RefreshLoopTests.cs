using OriginGuard.Refreshing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Refreshing;

public sealed class RefreshLoopTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Exception> _ended = [];
    private int _turns;

    public void Dispose() => _stop.Dispose();

    [Fact]
    public async Task Pauses_as_long_as_a_turn_says()
    {
        var running = Loop(_ => Task.FromResult(Minute)).RunAsync(_stop.Token);

        _time.Advance(Minute - TimeSpan.FromTicks(1));
        Assert.Equal(1, _turns);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(2, _turns);

        await EndAsync(running);
    }

    [Fact]
    public async Task A_wish_shortens_the_pause_but_not_below_the_least_one()
    {
        var loop = Loop(_ => Task.FromResult(Minute), leastPause: Minute / 6);
        var running = loop.RunAsync(_stop.Token);

        loop.Wish();
        _time.Advance((Minute / 6) - TimeSpan.FromTicks(1));
        Assert.Equal(1, _turns);
        await UntilAsync(2, () => _time.Advance(TimeSpan.FromTicks(1)));

        await EndAsync(running);
    }

    [Fact]
    public async Task A_wish_during_a_turn_counts_for_the_pause_behind_it()
    {
        var gate = new TaskCompletionSource<TimeSpan>();
        var loop = Loop(_ => _turns == 1 ? gate.Task : Task.FromResult(Minute));
        var running = loop.RunAsync(_stop.Token);

        loop.Wish();
        gate.SetResult(Minute);
        await UntilAsync(2);

        await EndAsync(running);
    }

    [Fact]
    public async Task An_interruption_of_what_has_not_begun_or_has_ended_is_none()
    {
        var loop = Loop(_ => Task.FromResult(Minute));
        loop.Interrupt();
        var running = loop.RunAsync(_stop.Token);
        _time.Advance(Minute - TimeSpan.FromTicks(1));
        Assert.Equal(1, _turns);

        await EndAsync(running);
        loop.Interrupt();
        Assert.Equal(1, _turns);
    }

    [Fact]
    public async Task An_interruption_gives_up_the_turn_and_begins_the_next()
    {
        var givenUp = false;
        var loop = Loop(async token =>
        {
            if (_turns == 1)
            {
                try
                {
                    await new TaskCompletionSource().Task.WaitAsync(token);
                }
                finally
                {
                    givenUp = token.IsCancellationRequested;
                }
            }

            return Minute;
        });
        var running = loop.RunAsync(_stop.Token);

        loop.Interrupt();
        await loop.FirstTurn.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((true, 2), (givenUp, _turns));
        await EndAsync(running);
    }

    [Fact]
    public async Task A_second_interruption_does_not_forget_what_the_first_still_runs()
    {
        var gate = new TaskCompletionSource<TimeSpan>();
        var called = new TaskCompletionSource();
        using var release = new ManualResetEventSlim();
        var loop = Loop(token =>
        {
            if (_turns > 1)
            {
                return Task.FromResult(Minute);
            }

            token.Register(() =>
            {
                called.SetResult();
                release.Wait();
            });
            return gate.Task;
        });
        var running = loop.RunAsync(_stop.Token);

        loop.Interrupt();
        await called.Task.WaitAsync(TestContext.Current.CancellationToken);
        loop.Interrupt();
        gate.SetResult(Minute);
        Assert.Equal(1, _turns);

        release.Set();
        await UntilAsync(2);
        await EndAsync(running);
    }

    [Fact]
    public async Task What_hangs_on_a_token_and_throws_is_no_end()
    {
        var loop = Loop(token =>
        {
            if (_turns == 1)
            {
                token.Register(static () => throw new InvalidOperationException("a handler of somebody else's"));
            }

            return Task.FromResult(Minute);
        });
        var running = loop.RunAsync(_stop.Token);

        loop.Interrupt();
        await UntilAsync(2);

        Assert.Empty(_ended);
        await EndAsync(running);
    }

    [Fact]
    public async Task An_unexpected_end_is_told_and_nobody_waits_for_ever()
    {
        var loop = Loop(static _ => throw new InvalidOperationException("nobody knows why"));

        await loop.RunAsync(_stop.Token);

        Assert.Equal("nobody knows why", Assert.Single(_ended).Message);
        Assert.True(loop.FirstTurn.IsCompleted);
    }

    [Fact]
    public async Task Told_to_stop_a_turn_may_fail_as_it_likes()
    {
        var loop = Loop(async token =>
        {
            await new TaskCompletionSource().Task.WaitAsync(token).ContinueWith(static _ => { }, TaskScheduler.Default);
            throw new FormatException("half of an answer");
        });
        var running = loop.RunAsync(_stop.Token);

        await EndAsync(running);

        Assert.Empty(_ended);
        Assert.True(loop.FirstTurn.IsCompleted);
    }

    [Fact]
    public async Task Told_to_stop_before_it_begins_it_takes_no_turn()
    {
        await _stop.CancelAsync();
        await Loop(_ => Task.FromResult(Minute)).RunAsync(_stop.Token);

        Assert.Equal(0, _turns);
        Assert.Empty(_ended);
    }

    [Theory]
    [InlineData(1, 0.375, 0.5)]
    [InlineData(2, 0.75, 1)]
    [InlineData(5, 6, 8)]
    [InlineData(6, 9, 12)]
    [InlineData(int.MaxValue, 9, 12)]
    public void Failures_in_a_row_are_met_ever_later(int failures, double least, double most)
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.InRange(BackOff.After(failures, TimeSpan.FromSeconds(12)).TotalSeconds, least, most);
        }
    }

    private RefreshLoop Loop(Func<CancellationToken, Task<TimeSpan>> turn, TimeSpan leastPause = default) => new(
        token =>
        {
            _turns++;
            return turn(token);
        },
        _ended.Add,
        _time,
        leastPause);

    private async Task UntilAsync(int turns, Action? again = null)
    {
        while (Volatile.Read(ref _turns) < turns)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            again?.Invoke();
            await Task.Yield();
        }
    }

    private async Task EndAsync(Task running)
    {
        await _stop.CancelAsync();
        await running;
    }
}
