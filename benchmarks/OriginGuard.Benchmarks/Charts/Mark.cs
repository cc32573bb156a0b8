namespace OriginGuard.Benchmarks.Charts;

/// <summary>A line across a chart: what must be reached, or what is compared with.</summary>
internal sealed record Mark(string Name, double Value);
