namespace OriginGuard.Tests.Ranges;

/// <summary>What the record says about the peer that flips, or that it is changing right now. Immutable: another state is another object.</summary>
internal sealed record FlippingState(int Turn, bool IsIn, bool IsChanging);
