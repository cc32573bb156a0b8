using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;

namespace OriginGuard.Iap;

/// <summary>Makes the user of an assertion that has been found valid.</summary>
internal static class IapUser
{
    public static ClaimsIdentity From(IapClaims claims)
    {
        // Whom IAP let through without signing in is nobody: an identity without an authentication type is not authenticated.
        var identity = string.IsNullOrWhiteSpace(claims.Subject)
            ? new ClaimsIdentity()
            : new ClaimsIdentity(IapDefaults.AuthenticationScheme, ClaimTypes.Name, ClaimTypes.Role);
        Add(identity, ClaimTypes.NameIdentifier, claims.Subject);
        Add(identity, IapClaimTypes.Subject, claims.Subject);
        Add(identity, ClaimTypes.Name, string.IsNullOrWhiteSpace(claims.Email) ? claims.Subject : claims.Email);
        Add(identity, ClaimTypes.Email, claims.Email);
        Add(identity, IapClaimTypes.Email, claims.Email);
        Add(identity, IapClaimTypes.HostedDomain, claims.HostedDomain);
        foreach (var level in claims.AccessLevels)
        {
            Add(identity, IapClaimTypes.AccessLevel, level);
        }

        Add(identity, IapClaimTypes.Gcip, claims.Gcip, JsonClaimValueTypes.Json);
        foreach (var (type, value) in claims.Attributes)
        {
            Add(identity, type, value);
        }

        return identity;
    }

    private static void Add(ClaimsIdentity identity, string type, string? value, string valueType = ClaimValueTypes.String)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            identity.AddClaim(new Claim(type, value, valueType, IapDefaults.Issuer));
        }
    }
}
