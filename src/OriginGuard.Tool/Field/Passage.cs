using OriginGuard.Diagnostics;

namespace OriginGuard.Tool.Field;

/// <summary>What became of one request through the load balancer.</summary>
/// <param name="Status">The status; null without an answer.</param>
/// <param name="Arrival">How the origin's diagnostics say that it arrived; null where nobody said so.</param>
/// <param name="Explanation">In words. Parts of it may come from the other side.</param>
internal sealed record Passage(int? Status, Arrival? Arrival, string Explanation)
{
    /// <summary>The guard admitted it, and its diagnostics answered.</summary>
    public ArrivalDiagnosis? Arrived => Arrival?.Arrived;
}

/// <summary>What the report takes of the diagnostics.</summary>
internal sealed record Arrival(DateTimeOffset Time, string Mode, string Platform, ArrivalDiagnosis Arrived);
