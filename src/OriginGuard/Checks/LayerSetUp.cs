namespace OriginGuard.Checks;

/// <summary>How one layer is set up: enforced, only reporting or off, and the sentence that says by which settings. Immutable.</summary>
internal sealed record LayerSetUp(GuardLayer Layer, LayerMode Mode, string Why);
