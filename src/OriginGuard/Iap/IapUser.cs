using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;

namespace OriginGuard.Iap;

/// <summary>Makes the user of an assertion that has been found valid.</summary>
internal static class IapUser
{
    public static ClaimsIdentity From(IapAssertion assertion)
    {
        // Whom IAP let through without signing in is nobody: an identity without an authentication type is not authenticated.
        var identity = string.IsNullOrWhiteSpace(assertion.Subject)
            ? new ClaimsIdentity()
            : new ClaimsIdentity(IapDefaults.AuthenticationScheme, ClaimTypes.Name, ClaimTypes.Role);
        Add(identity, ClaimTypes.NameIdentifier, assertion.Subject);
        Add(identity, IapClaimTypes.Subject, assertion.Subject);
        Add(identity, ClaimTypes.Name, string.IsNullOrWhiteSpace(assertion.Email) ? assertion.Subject : assertion.Email);
        Add(identity, ClaimTypes.Email, assertion.Email);
        Add(identity, IapClaimTypes.Email, assertion.Email);
        Add(identity, IapClaimTypes.HostedDomain, assertion.HostedDomain);
        foreach (var level in assertion.AccessLevels)
        {
            Add(identity, IapClaimTypes.AccessLevel, level);
        }

        AddGcip(identity, assertion.Gcip);
        return identity;
    }

    private static void AddGcip(ClaimsIdentity identity, GcipClaims? gcip)
    {
        if (gcip is null)
        {
            return;
        }

        Add(identity, IapClaimTypes.Gcip, gcip.Json, JsonClaimValueTypes.Json);
        foreach (var (path, value) in gcip.Values)
        {
            Add(identity, path, value);
        }
    }

    private static void Add(ClaimsIdentity identity, string type, string? value, string valueType = ClaimValueTypes.String)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            identity.AddClaim(new Claim(type, value, valueType, IapDefaults.Issuer));
        }
    }
}
