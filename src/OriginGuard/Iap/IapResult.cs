using System.Security.Claims;

namespace OriginGuard.Iap;

/// <summary>What became of an assertion: a user, or the reason why there is none. The default value admits nobody.</summary>
internal readonly record struct IapResult
{
    private IapResult(ClaimsIdentity? user, RefusalReason reason) => (User, Reason) = (user, reason);

    public ClaimsIdentity? User { get; }

    public RefusalReason Reason { get; }

    public static IapResult Valid(ClaimsIdentity user) => new(user, RefusalReason.None);

    public static IapResult Refused(RefusalReason reason) => new(null, reason);
}
