using System.Net;
using Microsoft.AspNetCore.Http;
using OriginGuard.Checks;
using OriginGuard.ClientAddress;

namespace OriginGuard.Ranges;

/// <summary>The first layer: the peer lies in the load balancer's ranges.</summary>
internal sealed class SourceAddressCheck(PeerAddressSource from, int position, PlannedRanges ranges, TimeProvider time) : IOriginCheck
{
    public GuardLayer Layer => GuardLayer.SourceAddress;

    public ValueTask<OriginVerdict> CheckAsync(HttpContext context, OriginFindings findings) => ValueTask.FromResult(Check(context, findings));

    private OriginVerdict Check(HttpContext context, OriginFindings findings)
    {
        if (from is PeerAddressSource.ForwardedFor)
        {
            findings.PeerAddress = ForwardedPeer(context);
        }

        if (findings.PeerAddress is not { } peer)
        {
            return OriginVerdict.Because(from is PeerAddressSource.ForwardedFor ? RefusalReason.AddressForwardedForInvalid : RefusalReason.AddressUnknown);
        }

        var snapshot = ranges.Snapshot;
        findings.FindNetwork = snapshot.FindNetwork;
        return snapshot.Check(peer, time);
    }

    // The framework's forwarded-headers middleware leaves this header where it took entries off, the trusted one first. A caller who writes it
    // himself is refused, and nobody else.
    private IPAddress? ForwardedPeer(HttpContext context) => !context.Request.Headers.ContainsKey("X-Original-For")
        && ForwardedForReader.TryGetEntry(context.Request.Headers["X-Forwarded-For"], position, out var entry) && StrictAddress.TryParse(entry, out var address)
            ? address
            : null;
}
