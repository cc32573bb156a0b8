namespace OriginGuard.Benchmarks.Results;

/// <summary>One benchmark with one set of parameters, in nanoseconds for each operation.</summary>
internal sealed record BenchmarkFigure(
    string Suite, string Name, string Parameters, double Median, double Mean, double StandardDeviation, int Samples, long? AllocatedBytes);
