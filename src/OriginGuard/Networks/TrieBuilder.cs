namespace OriginGuard.Networks;

/// <summary>Builds the inner nodes of a trie, top down, from runs that are in order and apart.</summary>
internal sealed class TrieBuilder(List<AddressRun> runs, TrieBuilder.LeafMaker makeLeaf)
{
    private readonly List<SlotGroup> _groups = [];
    private readonly List<uint> _entries = [];

    /// <summary>Makes a leaf of a block of addresses if it can.</summary>
    /// <param name="block">The addresses.</param>
    /// <param name="bits">The prefix length of the block.</param>
    /// <param name="run">The first run that ends in the block or behind it.</param>
    public delegate uint? LeafMaker(AddressRun block, int bits, int run);

    /// <summary>
    /// Fills slots that stand for blocks of addresses in a row, and returns the first run that ends in the last block or behind it.
    /// </summary>
    /// <param name="slots">The slots.</param>
    /// <param name="first">The first address of the first block.</param>
    /// <param name="bits">The prefix length of one block.</param>
    /// <param name="run">A run that is not behind the first that ends in the blocks.</param>
    public int Fill(Span<uint> slots, UInt128 first, int bits, int run)
    {
        var length = UInt128.One << (128 - bits);
        var all = new AddressRun(first, first + (length * (uint)slots.Length) - 1);
        run = Advance(run, first);

        // Most of a large root lies between two runs.
        if ((run == runs.Count || runs[run].First > all.Last) && makeLeaf(all, bits, run) is { } same)
        {
            slots.Fill(same);
            return run;
        }

        foreach (ref var slot in slots)
        {
            var block = new AddressRun(first, first + (length - 1));
            run = Advance(run, first);
            slot = makeLeaf(block, bits, run) ?? AddNode(block, bits, run);
            first += length;
        }

        return run;
    }

    /// <summary>Keeps the entries of 64 slots and returns the group that finds them.</summary>
    public SlotGroup ToGroup(ReadOnlySpan<uint> slots)
    {
        var before = _entries.Count - 1;
        var starts = 0ul;
        for (var i = 0; i < slots.Length; i++)
        {
            if (i == 0 || slots[i] != slots[i - 1])
            {
                starts |= 1ul << i;
                _entries.Add(slots[i]);
            }
        }

        return new SlotGroup(starts, before);
    }

    public TrieNodes ToNodes() => new([.. _groups], [.. _entries]);

    private int Advance(int run, UInt128 first)
    {
        while (run < runs.Count && runs[run].Last < first)
        {
            run++;
        }

        return run;
    }

    private uint AddNode(AddressRun block, int bits, int run)
    {
        Span<uint> slots = stackalloc uint[TrieNodes.SlotsPerNode];
        Fill(slots, block.First, bits + TrieNodes.BitsPerNode, run);
        var node = (uint)(_groups.Count / TrieNodes.GroupsPerNode);
        for (var i = 0; i < slots.Length; i += SlotGroup.Length)
        {
            _groups.Add(ToGroup(slots.Slice(i, SlotGroup.Length)));
        }

        return node | TrieNodes.InnerNode;
    }
}
