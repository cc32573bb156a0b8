using OriginGuard.Benchmarks.Results;
using OriginGuard.Benchmarks.Statistics;

namespace OriginGuard.Benchmarks.ConstantTime;

/// <summary>
/// Does the time of a comparison depend on how much of a guess is right? The method of dudect: both classes measured in random turns, the slowest
/// times cropped at several percentiles, because they are the machine's and not the code's, and Welch's t for each cropping.
/// </summary>
internal sealed class TimingTest(string secret, int batches)
{
    /// <summary>A |t| above this is a difference in time.</summary>
    public const double Threshold = 4.5;

    private const int Batch = 4096;
    private const int Croppings = 20;

    private readonly Guesses _guesses = new(secret, Batch);
    private readonly long[] _times = new long[Batch];

    /// <param name="name">What is compared, for the figure.</param>
    /// <param name="compare">The comparison of one guess with the secret, which must be wrong.</param>
    public ConstantTimeFigure Measure(string name, Func<string, bool> compare)
    {
        // The first batches are the compiler's.
        for (var i = 0; i < 16; i++)
        {
            Time(compare);
        }

        var limits = Limits();
        var near = new Moments[limits.Length];
        var far = new Moments[limits.Length];
        for (var i = 0; i < batches; i++)
        {
            Time(compare);
            Add(limits, near, far);
        }

        var all = limits.Length - 1;
        var worst = near.Zip(far, Moments.WelchT).MaxBy(Math.Abs);
        return new ConstantTimeFigure(name, worst, near[all].Count + far[all].Count, near[all].Mean * 1e9 / TimeProvider.System.TimestampFrequency);
    }

    private void Time(Func<string, bool> compare)
    {
        _guesses.Renew();
        var (values, times, right) = (_guesses.Values, _times, false);
        for (var i = 0; i < values.Length; i++)
        {
            var start = TimeProvider.System.GetTimestamp();
            right |= compare(values[i]);
            times[i] = TimeProvider.System.GetTimestamp() - start;
        }

        if (right)
        {
            throw new InvalidOperationException("A wrong guess was taken for right.");
        }
    }

    // Ever more of the slow end is left out, and in the last place nothing.
    private long[] Limits()
    {
        long[] sorted = [.. _times.Order()];
        return [.. Enumerable.Range(1, Croppings).Select(i => sorted[(int)((1 - Math.Pow(0.5, 10.0 * i / Croppings)) * (Batch - 1))]), long.MaxValue];
    }

    private void Add(long[] limits, Moments[] near, Moments[] far)
    {
        for (var i = 0; i < Batch; i++)
        {
            var moments = _guesses.AreNear[i] ? near : far;
            for (var limit = limits.Length - 1; limit >= 0 && _times[i] <= limits[limit]; limit--)
            {
                moments[limit].Add(_times[i]);
            }
        }
    }
}
