namespace OriginGuard.Benchmarks.Page;

/// <summary>What was measured against a bar.</summary>
internal sealed record Finding(string Figure, bool IsMet);
