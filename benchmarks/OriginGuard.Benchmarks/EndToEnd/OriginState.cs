namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>What an origin says of itself: its processor time since it started, and how many methods the runtime has compiled for it so far.</summary>
internal sealed record OriginState(double CpuSeconds, long CompiledMethods);
