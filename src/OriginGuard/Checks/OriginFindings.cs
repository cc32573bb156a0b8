using System.Net;
using System.Security.Claims;
using Microsoft.Extensions.Primitives;

namespace OriginGuard.Checks;

/// <summary>What came in with one request, and what the checks write down about it while they look at it.</summary>
/// <remarks>Public is only what <see cref="IOriginGuardFeature"/> says: a log that takes an object apart by its public properties must find no secret.</remarks>
internal class OriginFindings
{
    /// <summary>The headers that the guard goes by, as they arrived: middleware in front of the guard may have rewritten them since.</summary>
    internal StringValues ForwardedFor { get; set; }

    internal StringValues ForwardedProto { get; set; }

    internal StringValues Secret { get; set; }

    internal StringValues Assertion { get; set; }

    internal StringValues Connection { get; set; }

    /// <summary>The method as it arrived; empty where no layer goes by it, and where something may have rewritten it before it could be noted.</summary>
    internal string Method { get; set; } = "";

    /// <summary>Which of the guarded headers came in disguise: a bit for each.</summary>
    internal int LookAlikes { get; set; }

    /// <summary>A header came, in whatever spelling, whose name is one of those that Google keeps for itself.</summary>
    internal bool HasGoogleHeader { get; set; }

    public IPAddress? PeerAddress { get; set; }

    public int? SecretSlot { get; set; }

    /// <summary>Counts with the secrets that the slot is one of: while a request waits, others may come into force.</summary>
    internal ISlotCounts? SlotCounts { get; set; }

    /// <summary>Finds the network of the peer in the ranges that were asked; only who wants to know it pays for it.</summary>
    internal Func<IPAddress, IPNetwork?>? FindNetwork { get; set; }

    public IPNetwork? MatchedNetwork => PeerAddress is { } peer ? FindNetwork?.Invoke(peer) : null;

    /// <summary>It passed as a preflight, which CORS alone may answer.</summary>
    internal bool IsForCorsAlone { get; set; }

    /// <summary>The user of a valid assertion; becomes the request's user once no layer has refused.</summary>
    internal ClaimsPrincipal? User { get; set; }

    /// <summary>Whom the guard has made the request's user: that user, or what the application's transformation has made of it. Null where another one acts.</summary>
    internal ClaimsPrincipal? GivenUser { get; set; }

    /// <summary>What an assertion is for whose signature and issuer are right, whether or not the rest of it is.</summary>
    internal string? SignedAudience { get; set; }

    protected void Forget()
    {
        (ForwardedFor, ForwardedProto, Secret, Assertion, Connection) = (default, default, default, default, default);
        (LookAlikes, HasGoogleHeader, Method) = (0, false, "");
        ForgetFindings();
    }

    protected void ForgetFindings()
    {
        PeerAddress = null;
        (SecretSlot, SlotCounts) = (null, null);
        FindNetwork = null;
        (User, GivenUser) = (null, null);
        IsForCorsAlone = false;
        SignedAudience = null;
    }
}
