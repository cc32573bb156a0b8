namespace OriginGuard.Benchmarks.Charts;

/// <summary>From values to places on an axis, in proportion or by orders of magnitude.</summary>
internal sealed class Scale
{
    private readonly double _from;
    private readonly double _to;
    private readonly double _start;
    private readonly double _end;
    private readonly bool _logarithmic;

    private Scale(double from, double to, double start, double end, bool logarithmic, double[] ticks) =>
        (_from, _to, _start, _end, _logarithmic, Ticks) = (from, to, start, end, logarithmic, ticks);

    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Whole powers of ten around the values, which are above zero.</summary>
    public static Scale Logarithmic(IEnumerable<double> values, double start, double end)
    {
        double[] all = [.. values];
        var (first, last) = ((int)Math.Floor(Math.Log10(all.Min())), (int)Math.Ceiling(Math.Log10(all.Max())));
        last = Math.Max(last, first + 1);
        return new Scale(first, last, start, end, true, [.. Enumerable.Range(first, last - first + 1).Select(power => Math.Pow(10, power))]);
    }

    /// <summary>Exactly from the first value to the last, by orders of magnitude, with the values themselves for ticks.</summary>
    public static Scale Sizes(IEnumerable<double> values, double start, double end)
    {
        double[] all = [.. values.Distinct().Order()];
        var last = Math.Max(Math.Log10(all[^1]), Math.Log10(all[0]) + 0.1);
        return new Scale(Math.Log10(all[0]), last, start, end, true, all);
    }

    /// <summary>Round numbers from at most <paramref name="from"/> to at least the largest value.</summary>
    public static Scale Linear(double from, IEnumerable<double> values, double start, double end)
    {
        var largest = Math.Max(values.Max(), from + 1e-9);
        var step = Step((largest - from) / 5);
        var (first, last) = (Math.Floor(from / step), Math.Ceiling(largest / step));
        return new Scale(first * step, last * step, start, end, false, [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)]);
    }

    public double At(double value)
    {
        var place = _logarithmic ? Math.Log10(value) : value;
        return _start + ((place - _from) / (_to - _from) * (_end - _start));
    }

    // 1, 2 or 5 times a power of ten.
    private static double Step(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return power * ((least / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
    }
}
