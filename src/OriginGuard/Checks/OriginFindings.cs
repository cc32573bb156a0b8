using System.Net;
using System.Security.Claims;

namespace OriginGuard.Checks;

/// <summary>What the checks write down about one request while they look at it.</summary>
internal class OriginFindings
{
    public IPAddress? PeerAddress { get; set; }

    public IPNetwork? MatchedNetwork { get; set; }

    public int? SecretSlot { get; set; }

    /// <summary>The user of a valid assertion; the middleware makes it the request's user once every layer has admitted.</summary>
    public ClaimsPrincipal? User { get; set; }

    protected void Clear()
    {
        PeerAddress = null;
        MatchedNetwork = null;
        SecretSlot = null;
        User = null;
    }
}
