using OriginGuard.Ranges;
using Xunit;

namespace OriginGuard.Tests.Ranges;

public class RefreshScheduleTests
{
    private const int Draws = 500;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(0, 300, 334)]
    [InlineData(300, 300, 334)]
    [InlineData(310, 300, 334)]
    [InlineData(1000, 900, 1000)]
    [InlineData(3600, 3240, 3600)]
    [InlineData(86_400, 3240, 3600)]
    [InlineData(uint.MaxValue, 3240, 3600)]
    public void Clamps_the_ttl_and_spreads_by_a_tenth_within_the_bounds(double timeToLive, double earliest, double latest)
    {
        var options = new SourceAddressOptions();

        var delays = Draw(() => RefreshSchedule.AfterSuccess(timeToLive * Second, options));

        Assert.All(delays, delay => Assert.InRange(delay, earliest * Second, latest * Second));
        Assert.True(delays.Max() - delays.Min() > 0.05 * earliest * Second, "The delays are in step.");
    }

    [Fact]
    public void Keeps_to_the_second_when_the_bounds_leave_no_room()
    {
        var options = new SourceAddressOptions { MinRefreshInterval = Second, MaxRefreshInterval = Second };

        Assert.All(Draw(() => RefreshSchedule.AfterSuccess(TimeSpan.FromMinutes(5), options)), delay => Assert.Equal(Second, delay));
    }

    [Fact]
    public void Comes_before_the_ranges_are_too_old_whatever_the_bounds_say()
    {
        var options = new SourceAddressOptions { MaxAge = TimeSpan.FromMinutes(1) };

        Assert.All(Draw(() => RefreshSchedule.AfterSuccess(TimeSpan.FromHours(1), options)), delay => Assert.Equal(20 * Second, delay));
        Assert.All(Draw(() => RefreshSchedule.AfterFailure(30, options.MaxAge, options)), delay => Assert.InRange(delay, 15 * Second, 20 * Second));
    }

    [Fact]
    public void Never_asks_more_of_a_timer_than_it_takes()
    {
        var year = TimeSpan.FromDays(366);
        var options = new SourceAddressOptions { MinRefreshInterval = year, MaxRefreshInterval = year, MaxAge = 10 * year };
        var clock = new TestKit.ManualTimeProvider();
        using var cancellation = new CancellationTokenSource();

        foreach (var delay in new[] { RefreshSchedule.AfterSuccess(TimeSpan.MaxValue, options), RefreshSchedule.AfterFailure(int.MaxValue, options.MaxAge, options) })
        {
            _ = Task.Delay(delay, clock, cancellation.Token);
        }

        cancellation.Cancel();
    }

    [Fact]
    public void Doubles_from_half_a_second_to_four_while_there_are_no_ranges()
    {
        var options = new SourceAddressOptions();

        foreach (var (failures, most) in new[] { (1, 0.5), (2, 1), (3, 2), (4, 4), (5, 4), (100, 4), (int.MaxValue, 4) })
        {
            Assert.All(
                Draw(() => RefreshSchedule.AfterFailure(failures, left: null, options)),
                delay => Assert.InRange(delay, most * 0.75 * Second, most * Second));
        }
    }

    [Fact]
    public void Doubles_up_to_the_least_interval_while_there_are_ranges()
    {
        var options = new SourceAddressOptions();

        foreach (var (failures, most) in new[] { (1, 0.5), (5, 8), (9, 128), (10, 256), (11, 300), (int.MaxValue, 300) })
        {
            Assert.All(
                Draw(() => RefreshSchedule.AfterFailure(failures, options.MaxAge, options)),
                delay => Assert.InRange(delay, most * 0.75 * Second, most * Second));
        }
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(2, 2)]
    [InlineData(0, 0.5)]
    [InlineData(-5, 0.5)]
    public void Comes_when_the_ranges_are_too_old_and_not_long_after(int left, double most)
    {
        var options = new SourceAddressOptions { MinRefreshInterval = TimeSpan.FromHours(6), MaxRefreshInterval = TimeSpan.FromHours(6) };

        Assert.All(Draw(() => RefreshSchedule.AfterFailure(30, left * Second, options)), delay => Assert.InRange(delay, most * 0.75 * Second, most * Second));
    }

    [Fact]
    public void Never_waits_longer_after_a_failure_than_after_a_success()
    {
        var random = new Random(20);
        for (var i = 0; i < Draws; i++)
        {
            var least = random.Next(1, 1000);
            var options = new SourceAddressOptions { MinRefreshInterval = least * Second, MaxRefreshInterval = (least + random.Next(0, 1000)) * Second };

            Assert.True(RefreshSchedule.AfterFailure(random.Next(1, 40), options.MaxAge, options) <= options.MaxRefreshInterval);
        }
    }

    private static TimeSpan[] Draw(Func<TimeSpan> schedule) => [.. Enumerable.Range(0, Draws).Select(_ => schedule())];
}
