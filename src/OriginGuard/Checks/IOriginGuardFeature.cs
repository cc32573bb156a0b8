using System.Net;

namespace OriginGuard;

/// <summary>
/// What the guard found out about a request: <c>context.Features.Get&lt;IOriginGuardFeature&gt;()</c>. It belongs to the request
/// and is reused after it, as <c>HttpContext</c> is: do not keep it.
/// </summary>
public interface IOriginGuardFeature
{
    /// <summary>The decision. In report-only mode what it would have been.</summary>
    OriginVerdict Verdict { get; }

    /// <summary>
    /// Who holds the socket (or, with <see cref="PeerAddressSource.ForwardedFor"/>, the entry that stands for it): the address
    /// that the ranges are asked about. Null when there is none. Earlier middleware cannot rewrite it. Of a
    /// request that the address layer was not asked about, an exempt one for example, it is who holds the socket.
    /// </summary>
    IPAddress? PeerAddress { get; }

    /// <summary>
    /// Who sits at the other end of the load balancer: an entry of X-Forwarded-For, counted from the right
    /// (<see cref="ClientAddressOptions.Position"/>). Null when the request was not admitted, or the entry is absent or no address.
    /// </summary>
    IPAddress? ClientAddress { get; }

    /// <summary>The longest configured or published network that contains the peer, or null.</summary>
    IPNetwork? MatchedNetwork { get; }

    /// <summary>Which secret matched, 0 first (<c>Secrets</c>, then <c>SecretFiles</c>), or null. Shows when a rotation has ended.</summary>
    int? SecretSlot { get; }

    /// <summary>What each layer said, in the order in which they are asked. Made anew at each call: for diagnosis and logs, not for every request.</summary>
    IReadOnlyList<LayerFinding> Layers { get; }
}
