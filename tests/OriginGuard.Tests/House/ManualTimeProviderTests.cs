using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.House;

/// <summary>The clock of all the other tests, moved by one thread while another arms timers.</summary>
public class ManualTimeProviderTests
{
    private const int Timers = 200_000;

    [Fact]
    public async Task No_timer_stays_behind_a_clock_that_moves_while_it_is_armed()
    {
        var clock = new ManualTimeProvider();
        using var armed = new CancellationTokenSource();
        var move = Task.Run(
            () =>
            {
                while (!armed.IsCancellationRequested)
                {
                    clock.Advance(TimeSpan.FromSeconds(1));
                }
            },
            TestContext.Current.CancellationToken);

        var behind = 0;
        for (var number = 0; number < Timers; number++)
        {
            using var timer = clock.CreateTimer(static _ => { }, null, TimeSpan.FromMilliseconds(number % 1000), Timeout.InfiniteTimeSpan);
            behind += clock.ArmedTimers.Count(static due => due < TimeSpan.Zero);
        }

        await armed.CancelAsync();
        await move;
        Assert.Equal(0, behind);
    }

    [Fact]
    public void A_clock_does_not_go_back_where_a_timer_moves_it()
    {
        var clock = new ManualTimeProvider();
        using var timer = clock.CreateTimer(_ => clock.Advance(TimeSpan.FromSeconds(10)), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(TimeSpan.FromSeconds(11).Ticks, clock.GetTimestamp());
    }
}
