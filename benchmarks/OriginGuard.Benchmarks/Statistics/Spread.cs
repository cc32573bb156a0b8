namespace OriginGuard.Benchmarks.Statistics;

/// <summary>The middle of a sample and its middle half.</summary>
internal readonly record struct Spread(double LowerQuartile, double Median, double UpperQuartile)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0
            ? throw new ArgumentException("A sample of nothing has no middle.", nameof(values))
            : new Spread(Quantile(sorted, 0.25), Quantile(sorted, 0.5), Quantile(sorted, 0.75));
    }

    /// <summary>Between two values of the sample, in proportion: what R and NumPy do by default.</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double share)
    {
        var position = (sorted.Length - 1) * share;
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (position - below));
    }
}
