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
        findings.PeerAddress = PeerOf(findings);
        if (findings.PeerAddress is not { } peer)
        {
            return OriginVerdict.Because(from is PeerAddressSource.ForwardedFor ? RefusalReason.AddressForwardedForInvalid : RefusalReason.AddressUnknown);
        }

        var snapshot = ranges.Snapshot;
        findings.FindNetwork = snapshot.FindNetwork;
        return snapshot.Check(peer, time);
    }

    /// <summary>Who is looked up: the peer of the connection, or the entry of <c>X-Forwarded-For</c> that stands for it.</summary>
    public IPAddress? PeerOf(OriginFindings findings) => from is PeerAddressSource.ForwardedFor ? ForwardedPeer(findings) : findings.PeerAddress;

    private IPAddress? ForwardedPeer(OriginFindings findings) =>
        ForwardedForReader.TryGetEntry(findings.ForwardedFor, position, out var entry) && StrictAddress.TryParse(entry, out var address) ? StrictAddress.Plain(address!) : null;
}
