using OriginGuard.Telemetry;
using Xunit;

namespace OriginGuard.Tests.Telemetry;

public sealed class StripedCountersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(23)]
    public void Adds_up_what_many_threads_counted_each_counter_for_itself(int count)
    {
        var counters = new StripedCounters(count);

        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                counters.Add(i % count);
            }
        });

        Assert.Equal(80_000, Enumerable.Range(0, count).Sum(counter => counters[counter]));
        Assert.All(Enumerable.Range(0, count), counter => Assert.InRange(counters[counter], 8L * (10_000 / count), 8L * ((10_000 / count) + 1)));
    }
}
