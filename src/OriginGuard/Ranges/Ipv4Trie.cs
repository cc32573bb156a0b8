using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OriginGuard.Ranges;

/// <summary>
/// The IPv4 half of a <see cref="CidrTrie"/>. The root is a table no wider than the set, and a leaf is 256 bits, one for each block of
/// addresses below it: under a root of 16 bits that is all there is to networks of /24 and wider. Up to four runs of addresses, as in the
/// real record, need no trie but one comparison with a vector of turns, as in <see cref="Ipv6Trie"/>.
/// </summary>
/// <remarks>
/// But for what lies below a leaf's reach, no branch goes with the address: whether it is inside is what nobody can guess, and one wrong
/// guess of the processor costs more than the whole lookup.
/// </remarks>
internal sealed class Ipv4Trie
{
    private const int FinestRoot = 24;
    private const int LeastRootBudget = 2560;
    private const int RootBudgetPerRun = 64;
    private const int WordsPerLeaf = TrieNodes.SlotsPerNode / 64;
    private const uint NoAddress = 0;
    private const uint AllAddresses = WordsPerLeaf;

    private readonly bool _hasTrie;
    private readonly uint _firstPlace;
    private readonly uint[] _turns = new uint[Vector256<uint>.Count];
    private readonly int _rootShift;
    private readonly uint _beforeFirstSlot;
    private readonly uint[] _root = [];
    private readonly ulong[] _leaves;
    private readonly TrieNodes _nodes;

    public Ipv4Trie(List<AddressRun> runs)
    {
        List<ulong> leaves = [0, 0, 0, 0, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue];
        var builder = new TrieBuilder(runs, (block, bits, run) => MakeLeaf(runs, leaves, block, bits, run));
        _hasTrie = runs.Count * 2 > _turns.Length;
        if (_hasTrie)
        {
            var finest = Math.Min(FinestRoot, RootSize.SignificantBits(runs) - 1);
            var bits = RootSize.Choose(runs, finest, Math.Max(LeastRootBudget, (long)runs.Count * RootBudgetPerRun));
            var firstSlot = RootSize.Slot(runs[0].First, bits);
            (_beforeFirstSlot, _rootShift) = ((uint)firstSlot - 1, 32 - bits);

            // Slot 0 stands for every address beside the set.
            _root = new uint[RootSize.Length(runs, bits) + 1];
            builder.Fill(_root.AsSpan(1), (UInt128)firstSlot << (128 - bits), bits, 0);
        }
        else
        {
            _firstPlace = FillTurns(_turns, runs);
        }

        (_leaves, _nodes) = ([.. leaves], builder.ToNodes());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(uint address)
    {
        if (!_hasTrie)
        {
            var below = Vector256.LessThan(Vector256.Create(_turns), Vector256.Create(address)).ExtractMostSignificantBits();
            return ((_firstPlace + (uint)BitOperations.PopCount(below)) & 1) != 0;
        }

        var root = _root;
        var slot = (address >> _rootShift) - _beforeFirstSlot;
        slot &= (uint)((slot - (long)root.Length) >> 63); // 0 when it is not below the length
        var entry = root[slot];
        return TrieNodes.IsInner(entry)
            ? ContainsBelow(entry, address)
            : IsSet(entry, address >> (_rootShift - TrieNodes.BitsPerNode));
    }

    /// <summary>Fills in the turns, and behind them some that are below no address; returns how many are behind the lowest address.</summary>
    private static uint FillTurns(uint[] turns, List<AddressRun> runs)
    {
        turns.AsSpan().Fill(uint.MaxValue);
        for (var i = 0; i < runs.Count; i++)
        {
            (turns[i * 2], turns[(i * 2) + 1]) = ((uint)((runs[i].First - 1) >> 96), (uint)(runs[i].Last >> 96));
        }

        return runs.Count > 0 && runs[0].First == 0 ? 1u : 0;
    }

    /// <summary>A leaf holds a block when nothing in it begins or ends between two of its bits.</summary>
    private static uint? MakeLeaf(List<AddressRun> runs, List<ulong> leaves, AddressRun block, int bits, int run)
    {
        if (run == runs.Count || runs[run].First > block.Last)
        {
            return NoAddress;
        }

        if (runs[run].First <= block.First && runs[run].Last >= block.Last)
        {
            return AllAddresses;
        }

        var shift = 128 - bits - TrieNodes.BitsPerNode;
        var between = (UInt128.One << shift) - 1;
        Span<ulong> words = [0, 0, 0, 0];
        for (; run < runs.Count && runs[run].First <= block.Last; run++)
        {
            var first = UInt128.Max(runs[run].First, block.First);
            var last = UInt128.Min(runs[run].Last, block.Last);
            if ((first & between) != 0 || (last & between) != between)
            {
                return null;
            }

            for (var i = (int)((first - block.First) >> shift); i <= (int)((last - block.First) >> shift); i++)
            {
                words[i >> 6] |= 1ul << i;
            }
        }

        leaves.AddRange(words);
        return (uint)leaves.Count - WordsPerLeaf;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ContainsBelow(uint entry, uint address)
    {
        var shift = _rootShift - TrieNodes.BitsPerNode;
        for (; TrieNodes.IsInner(entry); shift -= TrieNodes.BitsPerNode)
        {
            entry = _nodes.Next(entry, address >> shift);
        }

        return IsSet(entry, address >> shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsSet(uint leaf, uint bit) => ((_leaves[leaf + ((bit >> 6) & (WordsPerLeaf - 1))] >> (int)bit) & 1) != 0;
}
