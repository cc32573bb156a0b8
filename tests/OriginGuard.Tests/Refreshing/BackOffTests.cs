using OriginGuard.Refreshing;
using Xunit;

namespace OriginGuard.Tests.Refreshing;

public sealed class BackOffTests
{
    [Theory]
    [InlineData(1, 60_000, 500)]
    [InlineData(2, 60_000, 1_000)]
    [InlineData(7, 60_000, 32_000)]
    [InlineData(8, 60_000, 60_000)]
    [InlineData(int.MaxValue, 60_000, 60_000)]
    [InlineData(0, 60_000, 500)]
    [InlineData(1, 100, 500)]
    [InlineData(9, 100, 500)]
    public void Doubles_up_to_the_longest_and_is_never_below_half_a_second_for_long(int failures, int longest, int most)
    {
        for (var i = 0; i < 200; i++)
        {
            Assert.InRange(BackOff.After(failures, TimeSpan.FromMilliseconds(longest)).TotalMilliseconds, Math.Floor(most * 0.75), most);
        }
    }

    [Fact]
    public void Of_twenty_failures_five_are_told_aloud() => Assert.Equal([1, 2, 4, 8, 16], Enumerable.Range(1, 20).Where(BackOff.IsLoud));
}
