using System.Net;
using OriginGuard.Ranges;

namespace OriginGuard.Connections;

/// <summary>What the settings say about connections: made once from valid options, never changed.</summary>
/// <param name="mode">What the address layer does.</param>
/// <param name="exempt">Peers of exemptions, who come in so far: which path they may ask for is known later.</param>
/// <param name="ranges">The ranges of the same settings.</param>
internal sealed class ConnectionPolicy(LayerMode mode, CidrTrie? exempt, PlannedRanges ranges)
{
    public RangeSnapshot Ranges => ranges.Snapshot;

    public bool IsOn => mode is not LayerMode.Disabled;

    public bool IsEnforced => mode is LayerMode.Enforce;

    public OriginVerdict Judge(IPAddress? peer, RangeSnapshot ranges, TimeProvider time)
    {
        if (!IsOn)
        {
            return OriginVerdict.Admitted;
        }

        if (peer is null)
        {
            return OriginVerdict.Because(RefusalReason.AddressUnknown);
        }

        var verdict = ranges.Check(peer, time);
        return verdict.IsAllowed || exempt?.Contains(peer) is not true ? verdict : OriginVerdict.Exempted;
    }

    /// <summary>Why a connection that goes on would not, were the layer enforced; null where it would.</summary>
    public RefusalReason? Objection(IPAddress? peer, TimeProvider time) =>
        mode is LayerMode.ReportOnly && Judge(peer, Ranges, time) is { IsAllowed: false, Reason: var reason } ? reason : null;

    /// <summary>Whether a connection with this verdict goes on.</summary>
    public bool LetsPass(OriginVerdict verdict) => verdict.IsAllowed || !IsEnforced;
}
