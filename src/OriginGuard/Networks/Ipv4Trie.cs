using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OriginGuard.Networks;

/// <summary>
/// The IPv4 half of a <see cref="CidrTrie"/>. The root is a table no wider than the set, and a leaf is 256 bits, one for each block of
/// addresses below it: under a root of 16 bits that is all there is to networks of /24 and wider. Up to eight runs of addresses need no trie
/// but one comparison of vectors: the real record has two.
/// </summary>
/// <remarks>
/// But for what lies below a leaf's reach, no branch goes with the address: whether it is inside is what nobody can guess, and one wrong
/// guess of the processor costs more than the whole lookup.
/// </remarks>
internal sealed class Ipv4Trie
{
    private const int WordsPerLeaf = TrieNodes.SlotsPerNode / 64;
    private const uint NoAddress = 0;
    private const uint AllAddresses = WordsPerLeaf;

    private readonly bool _hasTrie;
    private readonly Vector256<uint> _firsts;
    private readonly Vector256<uint> _lengths;
    private readonly int _rootShift;
    private readonly int _leafShift;
    private readonly uint _firstSlot;
    private readonly uint[] _root = [];
    private readonly ulong[] _leaves;
    private readonly TrieNodes _nodes;

    public Ipv4Trie(List<AddressRun> runs)
    {
        List<ulong> leaves = [0, 0, 0, 0, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue];
        var builder = new TrieBuilder(runs, (block, bits, run) => MakeLeaf(runs, leaves, block, bits, run));
        _hasTrie = runs.Count > Vector256<uint>.Count;
        if (_hasTrie)
        {
            var bits = RootSize.ForIpv4(runs);
            var firstSlot = RootSize.Slot(runs[0].First, bits);
            (_firstSlot, _rootShift, _leafShift) = ((uint)firstSlot, 32 - bits, 32 - bits - TrieNodes.BitsPerNode);

            // The last slot stands for every address beside the set.
            _root = new uint[RootSize.Length(runs, bits) + 1];
            builder.Fill(_root.AsSpan(0, _root.Length - 1), (UInt128)firstSlot << (128 - bits), bits, 0);
        }
        else
        {
            (_firsts, _lengths) = ToVectors(runs);
        }

        (_leaves, _nodes) = ([.. leaves], builder.ToNodes());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(uint address)
    {
        if (!_hasTrie)
        {
            return Vector256.LessThanAny(Vector256.Create(address) - _firsts, _lengths);
        }

        var root = _root;
        var entry = root[Math.Min((address >> _rootShift) - _firstSlot, (uint)root.Length - 1)];
        return TrieNodes.IsInner(entry) ? ContainsBelow(entry, address) : IsSet(entry, address >> _leafShift);
    }

    /// <summary>The first address of each run and its length, which is 0 where there is no run.</summary>
    private static (Vector256<uint> Firsts, Vector256<uint> Lengths) ToVectors(List<AddressRun> runs)
    {
        Span<uint> firsts = stackalloc uint[Vector256<uint>.Count];
        Span<uint> lengths = stackalloc uint[Vector256<uint>.Count];
        for (var i = 0; i < runs.Count; i++)
        {
            firsts[i] = (uint)(runs[i].First >> 96);
            lengths[i] = (uint)(runs[i].Last >> 96) - firsts[i] + 1;
        }

        // All addresses are one more than the numbers that there are: two runs of half of them.
        if (runs.Count == 1 && lengths[0] == 0)
        {
            (firsts[1], lengths[0], lengths[1]) = (1u << 31, 1u << 31, 1u << 31);
        }

        return (Vector256.Create<uint>(firsts), Vector256.Create<uint>(lengths));
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
        var shift = _leafShift;
        for (; TrieNodes.IsInner(entry); shift -= TrieNodes.BitsPerNode)
        {
            entry = _nodes.Next(entry, address >> shift);
        }

        return IsSet(entry, address >> shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsSet(uint leaf, uint bit) => ((_leaves[leaf + ((bit >> 6) & (WordsPerLeaf - 1))] >> (int)bit) & 1) != 0;
}
