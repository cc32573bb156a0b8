namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>What a round of load came to.</summary>
internal sealed record LoadCount(long Count, double Seconds, string? Mistake);
