using System.Net;

namespace OriginGuard.Ranges;

/// <summary>
/// All ranges in force: what a request reads once. Each part is kept, and grows old, on its own. Immutable.
/// </summary>
internal sealed class RangeSnapshot
{
    private readonly RecordRanges[] _parts;

    public RangeSnapshot(RecordRanges[] parts, TimeSpan maxAge)
    {
        _parts = parts;
        MaxAge = maxAge;
        FindNetwork = NetworkOf;
    }

    public ReadOnlySpan<RecordRanges> Parts => _parts;

    public TimeSpan MaxAge { get; }

    /// <summary>The longest network that contains an address, over all parts; made once, so that a request can hand it on for nothing.</summary>
    public Func<IPAddress, IPNetwork?> FindNetwork { get; }

    public OriginVerdict Check(IPAddress peer, TimeProvider time)
    {
        foreach (var part in _parts)
        {
            if (part.Trie.Contains(peer) && part.IsUsable(time, MaxAge))
            {
                return OriginVerdict.Admitted;
            }
        }

        // Outside of all that is known. While a part is missing or too old the peer may belong to it: then nobody can tell.
        foreach (var part in _parts)
        {
            if (!part.IsUsable(time, MaxAge))
            {
                return OriginVerdict.Because(RefusalReason.AddressRangesUnavailable);
            }
        }

        return OriginVerdict.Because(_parts.Length == 0 ? RefusalReason.AddressRangesUnavailable : RefusalReason.AddressOutsideRanges);
    }

    private IPNetwork? NetworkOf(IPAddress peer)
    {
        IPNetwork? longest = null;
        foreach (var part in _parts)
        {
            if (part.Trie.TryGetNetwork(peer, out var network) && network.PrefixLength > (longest?.PrefixLength ?? -1))
            {
                longest = network;
            }
        }

        return longest;
    }
}
