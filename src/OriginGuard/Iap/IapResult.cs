using System.Security.Claims;

namespace OriginGuard.Iap;

/// <summary>What became of an assertion: a user, or the reason why there is none. The default value admits nobody.</summary>
internal readonly record struct IapResult
{
    private IapResult(ClaimsIdentity? user, RefusalReason reason, string? signedAudience) => (User, Reason, SignedAudience) = (user, reason, signedAudience);

    public ClaimsIdentity? User { get; }

    public RefusalReason Reason { get; }

    /// <summary>What the assertion is for, once its signature and its issuer have been found right; null before that.</summary>
    public string? SignedAudience { get; }

    public static IapResult Valid(ClaimsIdentity user, string? audience) => new(user, RefusalReason.None, audience);

    public static IapResult Refused(RefusalReason reason, string? signedAudience = null) => new(null, reason, signedAudience);
}
