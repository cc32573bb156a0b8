namespace OriginGuard.Networks;

/// <summary>How many bits of the address the root of a trie takes at once.</summary>
internal static class RootSize
{
    private const int Step = TrieNodes.BitsPerNode;
    private const int FinestIpv4 = 24;
    private const int LeastIpv4Budget = 2560;
    private const int Ipv4BudgetPerRun = 64;
    private const int FinestIpv6 = 56;
    private const int MostIpv6Budget = 1 << 20;
    private const int Ipv6BudgetPerRun = 1024;

    /// <summary>Of IPv4: a leaf tells 256 blocks apart, so a root as fine as the last bit that counts is of no use.</summary>
    /// <param name="runs">What the trie contains.</param>
    public static int ForIpv4(List<AddressRun> runs) =>
        Choose(runs, Math.Min(FinestIpv4, SignificantBits(runs) - 1), Math.Max(LeastIpv4Budget, (long)runs.Count * Ipv4BudgetPerRun));

    /// <summary>Of IPv6, whose slots share their entries and cost little.</summary>
    /// <param name="runs">What the trie contains.</param>
    /// <param name="significantBits">Their <see cref="SignificantBits"/>.</param>
    public static int ForIpv6(List<AddressRun> runs, int significantBits) =>
        Choose(runs, Math.Min(FinestIpv6, significantBits), Math.Min(MostIpv6Budget, (long)runs.Count * Ipv6BudgetPerRun));

    /// <summary>The finest root that fits into the budget and is of use. One of eight bits always fits.</summary>
    /// <param name="runs">What the trie contains.</param>
    /// <param name="finest">The finest root that is of use.</param>
    /// <param name="budget">The slots that the root may have.</param>
    public static int Choose(List<AddressRun> runs, int finest, long budget)
    {
        var bits = Math.Max(Step, finest / Step * Step);
        while (bits > Step && Length(runs, bits) > (ulong)budget)
        {
            bits -= Step;
        }

        return bits;
    }

    /// <summary>How many slots there are from the lowest address to the highest.</summary>
    public static ulong Length(List<AddressRun> runs, int bits) => Slot(runs[^1].Last, bits) - Slot(runs[0].First, bits) + 1;

    public static ulong Slot(UInt128 address, int bits) => (ulong)(address >> (128 - bits));

    /// <summary>
    /// How many bits of an address decide whether it is contained: the length of the longest prefix that is left in what adjoining networks
    /// cover together.
    /// </summary>
    public static int SignificantBits(List<AddressRun> runs)
    {
        var idle = 128;
        foreach (var (first, last) in runs)
        {
            idle = Math.Min(idle, (int)UInt128.Min(UInt128.TrailingZeroCount(first), UInt128.TrailingZeroCount(last + 1)));
        }

        return 128 - idle;
    }
}
