namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>Where load comes from, an address of this machine's loopback network, and the status that it must see: 0 for a connection that is cut off.</summary>
internal sealed record LoadSource(string Address, int Status);
