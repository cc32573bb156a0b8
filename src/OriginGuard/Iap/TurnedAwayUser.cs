using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using OriginGuard.Checks;

namespace OriginGuard.Iap;

/// <summary>
/// The user of an assertion whom an event of the application has turned away is nobody. The guard knows the same user by the same assertion, and would bring back
/// whom the application does not want.
/// </summary>
internal static class TurnedAwayUser
{
    private static readonly object Mark = new();

    /// <summary>Whether the request has lost its user so. Where authentication stands in front of the guard, the guard's user comes only after that.</summary>
    public static bool IsOf(HttpContext context) => context.Features[typeof(TurnedAwayUser)] is not null;

    /// <summary>Takes the user off the request: its name in the headers, and the guard's user, if it is that one who acts. A user of the application's own stays.</summary>
    public static void TakeOff(HttpContext context)
    {
        context.Features[typeof(TurnedAwayUser)] = Mark;
        IapIdentityHeaders.Remove(context.Request.Headers);
        if (context.Features[typeof(IOriginGuardFeature)] is OriginFindings { GivenUser: { } given } && IsSame(context.User, given))
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity());
        }
    }

    // The same principal, or one that middleware of the application has put around the same identity. Never by claims: a cookie of the application may hold those of IAP.
    private static bool IsSame(ClaimsPrincipal user, ClaimsPrincipal given) =>
        ReferenceEquals(user, given) || (given.Identity is { } identity && ReferenceEquals(user.Identity, identity));
}
