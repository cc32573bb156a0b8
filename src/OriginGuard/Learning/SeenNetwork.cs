using System.Net;

namespace OriginGuard.Learning;

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
