using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OriginGuard.Networks;

/// <summary>
/// The IPv6 half of a <see cref="CidrTrie"/>. Its ground is the ordered list of turns: the addresses behind which "outside" becomes
/// "inside" or the other way round, so that an odd number of turns below an address means inside. The trie only narrows the place in that
/// list down to eight turns, and one comparison of a vector does the rest: it stays shallow, and a lone /128 takes no more steps than a
/// /32. Up to four runs of addresses need no trie at all.
/// </summary>
internal sealed class Ipv6Trie
{
    private readonly bool _hasTrie;
    private readonly uint _firstPlace;
    private readonly int _rootShift;
    private readonly long _beforeFirstGroup;
    private readonly SlotGroup[] _root = [];
    private readonly TrieNodes _nodes;
    private readonly ulong[] _turns;
    private readonly ulong[]? _lowerTurns;

    public Ipv6Trie(List<AddressRun> runs)
    {
        var builder = new TrieBuilder(runs, (block, _, run) => MakeLeaf(runs, block, run));
        var significant = RootSize.SignificantBits(runs);
        if (runs.Count * 2 > Vector512<ulong>.Count)
        {
            var bits = RootSize.ForIpv6(runs, significant);
            _beforeFirstGroup = (long)(RootSize.Slot(runs[0].First, bits) / SlotGroup.Length) - 1;
            (_hasTrie, _rootShift) = (true, 64 - bits);
            _root = MakeRoot(runs, builder, bits, _beforeFirstGroup);
        }

        // What begins with the lowest address has its first turn behind it everywhere.
        _firstPlace = runs.Count > 0 && runs[0].First == 0 ? 1u : 0;
        _nodes = builder.ToNodes();
        _turns = Turns(runs, static turn => (ulong)(turn >> 64));
        _lowerTurns = significant > 64 ? Turns(runs, static turn => (ulong)turn) : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(UInt128 address)
    {
        var (upper, lower) = ((ulong)(address >> 64), (ulong)address);
        if (!_hasTrie)
        {
            return IsBehindOddTurn(_firstPlace, upper, lower);
        }

        var root = _root;
        var slot = upper >> _rootShift;
        var group = (long)(slot / SlotGroup.Length) - _beforeFirstGroup;
        group &= ~((group | (root.Length - 1 - group)) >> 63); // 0 when it is negative or not below the length
        var entry = _nodes.EntryOf(root[group], slot);
        return TrieNodes.IsInner(entry) ? ContainsBelow(entry, upper, lower) : IsBehindOddTurn(entry, upper, lower);
    }

    private static bool IsOdd(uint place, Vector512<ulong> below) =>
        ((place + (uint)BitOperations.PopCount(below.ExtractMostSignificantBits())) & 1) != 0;

    private static SlotGroup[] MakeRoot(List<AddressRun> runs, TrieBuilder builder, int bits, long beforeFirstGroup)
    {
        var root = new SlotGroup[(long)(RootSize.Slot(runs[^1].Last, bits) / SlotGroup.Length) - beforeFirstGroup + 1];
        Span<uint> slots = stackalloc uint[SlotGroup.Length];
        var run = 0;
        for (var i = 1; i < root.Length; i++)
        {
            var firstSlot = (UInt128)(beforeFirstGroup + i) * SlotGroup.Length;
            run = builder.Fill(slots, firstSlot << (128 - bits), bits, run);
            root[i] = builder.ToGroup(slots);
        }

        // The first group stands for every address beside the set: behind the last turn is as much outside as before the first.
        slots.Fill((uint)runs.Count * 2);
        root[0] = builder.ToGroup(slots);
        return root;
    }

    /// <summary>A leaf is the place of a block's first turn. It holds a block with no more turns than a vector has elements.</summary>
    private static uint? MakeLeaf(List<AddressRun> runs, AddressRun block, int run)
    {
        var first = TurnsBelow(runs, block.First, run);
        while (run < runs.Count && runs[run].Last < block.Last && (run * 2) - first <= Vector512<ulong>.Count)
        {
            run++;
        }

        return TurnsBelow(runs, block.Last, run) - first <= Vector512<ulong>.Count ? (uint)first : null;
    }

    private static int TurnsBelow(List<AddressRun> runs, UInt128 address, int run) =>
        (run * 2) + (run < runs.Count && runs[run].First <= address ? 1 : 0);

    /// <summary>One half of each turn, and behind them turns that are below no address.</summary>
    private static ulong[] Turns(List<AddressRun> runs, Func<UInt128, ulong> half)
    {
        var turns = new ulong[(runs.Count * 2) + Vector512<ulong>.Count];
        turns.AsSpan(runs.Count * 2).Fill(ulong.MaxValue);
        for (var i = 0; i < runs.Count; i++)
        {
            (turns[i * 2], turns[(i * 2) + 1]) = (half(runs[i].First - 1), half(runs[i].Last));
        }

        return turns;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ContainsBelow(uint entry, ulong upper, ulong lower)
    {
        var shift = _rootShift - TrieNodes.BitsPerNode;
        for (; TrieNodes.IsInner(entry) && shift >= 0; shift -= TrieNodes.BitsPerNode)
        {
            entry = _nodes.Next(entry, upper >> shift);
        }

        for (; TrieNodes.IsInner(entry); shift -= TrieNodes.BitsPerNode)
        {
            entry = _nodes.Next(entry, lower >> shift);
        }

        return IsBehindOddTurn(entry, upper, lower);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsBehindOddTurn(uint place, ulong upper, ulong lower)
    {
        var turns = Vector512.Create(_turns.AsSpan((int)place, Vector512<ulong>.Count));
        if (_lowerTurns is not null && Vector512.Equals(turns, Vector512.Create(upper)).ExtractMostSignificantBits() != 0)
        {
            return IsBehindOddTurnExactly(place, upper, lower);
        }

        return IsOdd(place, Vector512.LessThan(turns, Vector512.Create(upper)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsBehindOddTurnExactly(uint place, ulong upper, ulong lower)
    {
        var turns = Vector512.Create(_turns.AsSpan((int)place, Vector512<ulong>.Count));
        var lowerTurns = Vector512.Create(_lowerTurns.AsSpan((int)place, Vector512<ulong>.Count));
        return IsOdd(
            place,
            Vector512.LessThan(turns, Vector512.Create(upper))
                | (Vector512.Equals(turns, Vector512.Create(upper)) & Vector512.LessThan(lowerTurns, Vector512.Create(lower))));
    }
}
