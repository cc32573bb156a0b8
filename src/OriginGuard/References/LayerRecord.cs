namespace OriginGuard.References;

/// <summary>What one layer said about a request that was not admitted.</summary>
/// <param name="State">How far it got.</param>
/// <param name="Reason">Why it did not admit; none otherwise.</param>
/// <param name="IsMild">It only reports.</param>
internal readonly record struct LayerRecord(LayerState State, RefusalReason Reason = RefusalReason.None, bool IsMild = false);
