using System.Numerics;
using System.Runtime.CompilerServices;

namespace OriginGuard.Networks;

/// <summary>
/// The inner nodes of a trie: each takes eight bits of the address and says how to go on. An entry with its highest bit set is the number
/// of another inner node; what any other entry says, the family knows.
/// </summary>
internal sealed class TrieNodes(SlotGroup[] groups, uint[] entries)
{
    public const int BitsPerNode = 8;
    public const int SlotsPerNode = 1 << BitsPerNode;
    public const int GroupsPerNode = SlotsPerNode / SlotGroup.Length;
    public const uint InnerNode = 1u << 31;

    public static bool IsInner(uint entry) => (int)entry < 0;

    /// <summary>The entry of a slot of an inner node; bits of <paramref name="slot"/> above the lowest eight do not count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Next(uint node, ulong slot)
    {
        var group = (int)(slot / SlotGroup.Length) & (GroupsPerNode - 1);
        return EntryOf(groups[((int)(node & ~InnerNode) * GroupsPerNode) + group], slot);
    }

    /// <summary>The entry of a slot of a group; bits of <paramref name="slot"/> above the lowest six do not count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint EntryOf(SlotGroup group, ulong slot)
    {
        var upToSlot = ulong.MaxValue >> ~(int)slot;
        return entries[group.Before + BitOperations.PopCount(group.Starts & upToSlot)];
    }
}
