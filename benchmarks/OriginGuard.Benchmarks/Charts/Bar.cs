namespace OriginGuard.Benchmarks.Charts;

internal sealed record Bar(string Name, double Value, string Text, bool IsOurs);
