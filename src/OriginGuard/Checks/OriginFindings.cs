using System.Net;
using System.Security.Claims;

namespace OriginGuard.Checks;

/// <summary>What the checks write down about one request while they look at it.</summary>
internal class OriginFindings
{
    public IPAddress? PeerAddress { get; set; }

    public int? SecretSlot { get; set; }

    /// <summary>Finds the network of the peer in the ranges that were asked; only who wants to know it pays for it.</summary>
    public Func<IPAddress, IPNetwork?>? FindNetwork { get; set; }

    /// <summary>The user of a valid assertion; the middleware makes it the request's user once every layer has admitted.</summary>
    public ClaimsPrincipal? User { get; set; }

    /// <summary>What an assertion is for whose signature and issuer are right, whether or not the rest of it is.</summary>
    public string? SignedAudience { get; set; }

    protected void Clear()
    {
        PeerAddress = null;
        SecretSlot = null;
        FindNetwork = null;
        User = null;
        SignedAudience = null;
    }
}
