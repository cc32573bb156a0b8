namespace OriginGuard.Tool.Probe;

/// <summary>A rule of the load balancer for its endpoints, and whether this one keeps to it.</summary>
/// <param name="Rule">What is looked at.</param>
/// <param name="IsKept">Null: it does not apply.</param>
/// <param name="Explanation">In words. Parts of it may come from the origin.</param>
internal sealed record ProbeFinding(string Rule, bool? IsKept, string Explanation);
