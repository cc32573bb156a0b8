using System.Net;
using Microsoft.AspNetCore.Http;
using OriginGuard.Checks;
using OriginGuard.ForeignText;

namespace OriginGuard.Ranges;

/// <summary>The first layer: the peer lies in the load balancer's ranges.</summary>
internal sealed class SourceAddressCheck(PeerAddressSource from, int position, PlannedRanges ranges, TimeProvider time) : OriginCheck
{
    public override GuardLayer Layer => GuardLayer.SourceAddress;

    public override ValueTask<OriginVerdict> CheckAsync(HttpContext context, OriginFindings findings) => ValueTask.FromResult(Check(findings));

    public OriginVerdict Check(OriginFindings findings)
    {
        if (from is PeerAddressSource.ForwardedFor)
        {
            findings.PeerAddress = ForwardedPeer(findings);
        }

        if (findings.PeerAddress is not { } peer)
        {
            return OriginVerdict.Because(from is PeerAddressSource.ForwardedFor ? RefusalReason.AddressForwardedForInvalid : RefusalReason.AddressUnknown);
        }

        var snapshot = ranges.Snapshot;
        findings.FindNetwork = snapshot.FindNetwork;
        return snapshot.Check(peer, time);
    }

    private IPAddress? ForwardedPeer(OriginFindings findings) =>
        ForwardedForReader.TryGetEntry(findings.ForwardedFor, position, out var entry) && StrictAddress.TryParse(entry, out var address) ? StrictAddress.Plain(address!) : null;
}
