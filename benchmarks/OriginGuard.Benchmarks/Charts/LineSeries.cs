namespace OriginGuard.Benchmarks.Charts;

internal sealed record LineSeries(string Name, bool IsOurs, IReadOnlyList<(double X, double Y)> Points);
