using System.Buffers;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OriginGuard.Checks;

namespace OriginGuard.Iap;

/// <summary>
/// The headers beside the assertion in which IAP names the user without a signature. Whoever reaches the origin can write them, so none of them
/// is left as it came: they are taken off in every spelling, and those that applications read are written anew from the verified assertion.
/// </summary>
internal static class IapIdentityHeaders
{
    public const string Email = "X-Goog-Authenticated-User-Email";
    public const string Id = "X-Goog-Authenticated-User-ID";

    // What IAP calls the user and the user's attributes. The signed header, x-goog-iap-jwt-assertion, has neither prefix.
    private const string UserPrefix = "x-goog-authenticated-user-";
    private const string AttributePrefix = "x-goog-iap-attr-";
    private const string GoogleAccounts = "accounts.google.com";

    /// <summary>Takes the unsigned headers off, and names a verified user in their place.</summary>
    /// <param name="headers">The headers of the request.</param>
    /// <param name="user">Whom a verified assertion names; null, or an identity that nobody has signed in with, for nobody.</param>
    public static void Write(IHeaderDictionary headers, ClaimsIdentity? user)
    {
        Remove(headers);
        if (user is not { IsAuthenticated: true } || Signed(user, IapClaimTypes.Subject) is not { } subject)
        {
            return;
        }

        Set(headers, Id, subject);
        if (Signed(user, IapClaimTypes.Email) is { } email)
        {
            // The email of an identity of Identity Platform has the prefix already (seen); that of another is not believed to name its own.
            var prefix = $"{NamespaceOf(subject)}:";
            Set(headers, Email, email.StartsWith(prefix, StringComparison.Ordinal) ? email : $"{prefix}{email}");
        }
    }

    /// <summary>Takes the unsigned headers off in every spelling. A request without them costs no allocation.</summary>
    public static void Remove(IHeaderDictionary headers)
    {
        var count = headers.Count;
        if (count == 0)
        {
            return;
        }

        // Copied, since an enumerator of the interface is an allocation, and because what is walked must not change on the way.
        var all = ArrayPool<KeyValuePair<string, StringValues>>.Shared.Rent(count);
        headers.CopyTo(all, 0);
        foreach (ref readonly var header in all.AsSpan(0, count))
        {
            if (IsUnsigned(header.Key))
            {
                headers.Remove(header.Key);
            }
        }

        all.AsSpan(0, count).Clear();
        ArrayPool<KeyValuePair<string, StringValues>>.Shared.Return(all);
    }

    /// <summary>Whether a header of this name says who the user is without a signature, whatever its spelling.</summary>
    public static bool IsUnsigned(string name) => GuardedHeader.StartsLike(name, AttributePrefix) || GuardedHeader.StartsLike(name, UserPrefix);

    private static string? Signed(ClaimsIdentity user, string type)
    {
        foreach (var claim in user.Claims)
        {
            if (claim.Type == type && claim.Issuer == IapDefaults.Issuer)
            {
                return claim.Value;
            }
        }

        return null;
    }

    // sub is accounts.google.com:118… for a Google account, sts.google.com:… for a workforce identity. IAP puts the same before the email.
    private static string NamespaceOf(string subject) =>
        subject.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? subject[..colon] : GoogleAccounts;

    private static void Set(IHeaderDictionary headers, string name, string value)
    {
        if (!value.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            headers[name] = value;
        }
    }
}
