using System.Net;

namespace OriginGuard.Learning;

/// <summary>
/// The busiest networks among any number of them, in bounded memory: when the table is full, a new one takes the place and the count of the least busy
/// (the space-saving algorithm), so that a busy network is never missed, and a count is too high by a known number at most. Not for several threads.
/// </summary>
internal sealed class SeenNetworks
{
    public const int Most = 32;

    private readonly Dictionary<IPNetwork, SeenNetwork> _networks = [];

    public IReadOnlyList<SeenNetwork> BusiestFirst => [.. _networks.Values.OrderByDescending(static seen => seen.Requests - seen.OvercountAtMost)];

    public void Add(IPNetwork network, bool isInRanges, bool isVouchedFor)
    {
        if (!_networks.TryGetValue(network, out var seen))
        {
            seen = new SeenNetwork(network, isInRanges, _networks.Count < Most ? 0 : MakeRoom());
            _networks.Add(network, seen);
        }

        seen.Count(isVouchedFor);
    }

    /// <summary>Never at the cost of one that a secret or an assertion spoke for, as long as there is another: strangers cannot crowd those out.</summary>
    private long MakeRoom()
    {
        var least = _networks.Values.OrderBy(static seen => seen.VouchedFor > 0).ThenBy(static seen => seen.Requests).First();
        _networks.Remove(least.Network);
        return least.Requests;
    }
}

/// <summary>How often requests came from a network.</summary>
internal sealed class SeenNetwork(IPNetwork network, bool isInRanges, long overcountAtMost)
{
    private long _counted;

    public IPNetwork Network => network;

    public bool IsInRanges => isInRanges;

    public long OvercountAtMost => overcountAtMost;

    public long Requests => overcountAtMost + _counted;

    /// <summary>Those with a right secret or a valid assertion.</summary>
    public long VouchedFor { get; private set; }

    public void Count(bool isVouchedFor)
    {
        _counted++;
        VouchedFor += isVouchedFor ? 1 : 0;
    }
}
