namespace OriginGuard.Benchmarks.Results;

/// <summary>What one trie keeps on the heap.</summary>
internal sealed record MemoryFigure(int Ipv4Networks, int Ipv6Networks, long RetainedBytes);
