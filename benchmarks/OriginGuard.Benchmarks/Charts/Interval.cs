using OriginGuard.Benchmarks.Statistics;

namespace OriginGuard.Benchmarks.Charts;

internal sealed record Interval(string Name, Spread Spread, string Text, bool IsOurs);
