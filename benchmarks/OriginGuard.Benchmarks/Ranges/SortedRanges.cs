using System.Numerics;

namespace OriginGuard.Benchmarks.Ranges;

/// <summary>A baseline: what the networks cover as sorted ranges that lie apart, found by binary search.</summary>
internal sealed class SortedRanges<TAddress>
    where TAddress : struct, IBinaryInteger<TAddress>
{
    private readonly TAddress[] _firsts;
    private readonly TAddress[] _lasts;

    public SortedRanges(IEnumerable<(TAddress First, TAddress Last)> ranges)
    {
        var merged = new List<(TAddress First, TAddress Last)>();
        foreach (var range in ranges.Order())
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last)
            {
                merged[^1] = (merged[^1].First, TAddress.Max(merged[^1].Last, range.Last));
            }
            else
            {
                merged.Add(range);
            }
        }

        (_firsts, _lasts) = ([.. merged.Select(range => range.First)], [.. merged.Select(range => range.Last)]);
    }

    public bool Contains(TAddress address)
    {
        var index = Array.BinarySearch(_firsts, address);
        index = index >= 0 ? index : ~index - 1;
        return index >= 0 && address <= _lasts[index];
    }
}
