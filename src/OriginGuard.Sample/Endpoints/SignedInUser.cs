using System.Security.Claims;

namespace OriginGuard.Sample.Endpoints;

/// <summary>The user whom Identity-Aware Proxy signed in.</summary>
internal sealed record SignedInUser(string? Subject, string? Email)
{
    public static SignedInUser? Of(ClaimsPrincipal user) => user.Identity is { IsAuthenticated: true }
        ? new SignedInUser(user.FindFirstValue(IapClaimTypes.Subject), user.FindFirstValue(IapClaimTypes.Email))
        : null;
}
