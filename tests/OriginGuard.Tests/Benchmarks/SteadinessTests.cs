using OriginGuard.Benchmarks.EndToEnd;
using Xunit;

namespace OriginGuard.Tests.Benchmarks;

public sealed class SteadinessTests
{
    [Fact]
    public void An_origin_is_warm_when_hardly_anything_is_compiled_in_several_rounds_in_a_row()
    {
        long[] compiled = [1_500, 2_600, 2_605, 2_610, 2_900, 2_910, 2_915, 2_925];

        Assert.Equal(compiled.Length, Rounds(compiled));
    }

    [Fact]
    public void One_that_never_comes_to_rest_is_measured_all_the_same() =>
        Assert.Equal(Steadiness.MostRounds, Rounds(Enumerable.Range(1, 1_000).Select(static round => round * (Steadiness.Trickle + 1L))));

    private static int Rounds(IEnumerable<long> compiled)
    {
        var steadiness = new Steadiness();
        return compiled.TakeWhile(count => !steadiness.IsReached(count)).Count() + 1;
    }
}
