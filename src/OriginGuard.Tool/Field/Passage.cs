using OriginGuard.Diagnostics;

namespace OriginGuard.Tool.Field;

/// <summary>What became of one request through the load balancer.</summary>
/// <param name="Status">The status; null without an answer.</param>
/// <param name="View">What the origin's diagnostics say; null where nobody said anything.</param>
/// <param name="Explanation">In words. Parts of it may come from the other side.</param>
/// <param name="IsNotAdmitted">It reached the guard, which did not admit it. A refusal of somebody else, the load balancer's own for one, says nothing of what arrives.</param>
internal sealed record Passage(int? Status, OriginView? View, string Explanation, bool IsNotAdmitted = false)
{
    /// <summary>The guard admitted it, and its diagnostics answered.</summary>
    public ArrivalDiagnosis? Arrived => View?.Arrived;
}

/// <summary>What the tool takes of the diagnostics.</summary>
internal sealed record OriginView(DateTimeOffset Time, string Mode, string Platform, ArrivalDiagnosis Arrived, SecretsDiagnosis? SharedSecret);
