namespace OriginGuard.Diagnostics;

/// <summary>A layer: how it is set up and why, and what it said about the request that asks.</summary>
internal sealed record LayerDiagnosis(string Layer, bool IsOn, string Mode, string Why, string? Verdict, string? Reason, string Explanation);
