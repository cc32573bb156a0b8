using OriginGuard.Benchmarks.Statistics;
using Xunit;

namespace OriginGuard.Tests.Benchmarks;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(new double[] { 7 }, 7, 7, 7)]
    [InlineData(new double[] { 4, 1, 3, 2 }, 1.75, 2.5, 3.25)]
    [InlineData(new double[] { 9, 1, 5, 3, 7 }, 3, 5, 7)]
    public void Quartiles_are_those_of_the_textbook(double[] sample, double lower, double median, double upper) =>
        Assert.Equal(new Spread(lower, median, upper), Spread.Of(sample));

    [Fact]
    public void A_sample_of_nothing_has_no_middle() => Assert.Throws<ArgumentException>(() => Spread.Of([]));

    [Fact]
    public void Moments_are_those_of_the_two_pass_formula()
    {
        var random = new Random(1);
        double[] sample = [.. Enumerable.Range(0, 1000).Select(_ => 1e6 + random.NextDouble())];
        var mean = sample.Average();

        var moments = Of(sample);

        Assert.Equal(mean, moments.Mean, 6);
        Assert.Equal(sample.Sum(value => (value - mean) * (value - mean)) / 999, moments.Variance, 6);
    }

    // Reckoned elsewhere, by the two-pass formula.
    [Theory]
    [InlineData(new[] { 3.1, 2.7, 4.4, 9.6 }, new[] { 1.2, 0.8, 1.9, 2.2, 1.1, 0.7 }, 2.255419155663577)]
    [InlineData(new double[] { 1, 2, 3, 4, 5 }, new double[] { 2, 4, 6, 8, 10 }, -1.8973665961010275)]
    public void Welchs_t_is_the_known_one(double[] one, double[] other, double t) => Assert.Equal(t, Moments.WelchT(Of(one), Of(other)), 1e-12);

    [Fact]
    public void Samples_of_one_kind_have_a_small_t_and_of_two_kinds_a_large_one()
    {
        var random = new Random(1);
        var (one, same, slower) = (new Moments(), new Moments(), new Moments());
        for (var i = 0; i < 10_000; i++)
        {
            one.Add(random.NextDouble());
            same.Add(random.NextDouble());
            slower.Add(random.NextDouble() + 0.05);
        }

        Assert.InRange(Moments.WelchT(one, same), -4.5, 4.5);
        Assert.True(Moments.WelchT(slower, one) > 4.5);
    }

    [Fact]
    public void Samples_that_cannot_tell_have_no_t_and_those_without_any_spread_differ_beyond_doubt()
    {
        Assert.Equal(0, Moments.WelchT(Of([1]), Of([2, 3])));
        Assert.Equal(0, Moments.WelchT(Of([1, 1]), Of([1, 1])));
        Assert.Equal(double.NegativeInfinity, Moments.WelchT(Of([1, 1]), Of([2, 2])));
    }

    private static Moments Of(double[] sample)
    {
        var moments = new Moments();
        foreach (var value in sample)
        {
            moments.Add(value);
        }

        return moments;
    }
}
