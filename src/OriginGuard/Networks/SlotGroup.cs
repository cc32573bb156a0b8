namespace OriginGuard.Networks;

/// <summary>
/// 64 slots in a row, each with an entry. Neighbours with the same entry share it: <paramref name="Starts"/> marks the slots where the entry
/// changes, and the entries of those slots stand in a row behind the place <paramref name="Before"/>.
/// </summary>
internal readonly record struct SlotGroup(ulong Starts, int Before)
{
    public const int Length = 64;
}
