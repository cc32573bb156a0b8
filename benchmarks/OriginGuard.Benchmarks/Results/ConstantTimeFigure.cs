namespace OriginGuard.Benchmarks.Results;

/// <summary>The largest |t| over all croppings of one comparison's times.</summary>
internal sealed record ConstantTimeFigure(string Name, double T, long Samples, double MeanNanoseconds);
