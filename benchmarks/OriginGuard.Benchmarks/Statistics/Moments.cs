namespace OriginGuard.Benchmarks.Statistics;

/// <summary>Mean and variance of a sample that is too long to keep (Welford's method).</summary>
internal struct Moments
{
    private double _squares;

    public long Count { get; private set; }

    public double Mean { get; private set; }

    public readonly double Variance => Count < 2 ? 0 : _squares / (Count - 1);

    public void Add(double value)
    {
        Count++;
        var beside = value - Mean;
        Mean += beside / Count;
        _squares += beside * (value - Mean);
    }

    /// <summary>Welch's t of two samples, which need not have one size or one variance. 0 where either is too small to tell.</summary>
    public static double WelchT(Moments one, Moments other)
    {
        if (one.Count < 2 || other.Count < 2)
        {
            return 0;
        }

        var error = Math.Sqrt((one.Variance / one.Count) + (other.Variance / other.Count));
        var difference = one.Mean - other.Mean;

        // Samples without any spread that differ at all differ beyond doubt.
        return error > 0 ? difference / error : difference == 0 ? 0 : double.PositiveInfinity * Math.Sign(difference);
    }
}
