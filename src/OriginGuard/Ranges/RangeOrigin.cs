namespace OriginGuard.Ranges;

/// <summary>Where ranges come from, best first.</summary>
internal enum RangeOrigin
{
    Dns,
    Static,
    Snapshot,
    BuiltIn,
    None,
}
