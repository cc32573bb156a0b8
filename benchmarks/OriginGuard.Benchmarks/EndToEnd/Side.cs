namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>One of the two that are compared: an origin, and what its callers are and must see.</summary>
internal sealed record Side(OriginSpec Origin, params LoadSource[] Sources);
