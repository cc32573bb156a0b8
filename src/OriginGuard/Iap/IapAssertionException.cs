using Microsoft.IdentityModel.Tokens;
using OriginGuard.Checks;

namespace OriginGuard.Iap;

/// <summary>
/// Carries a reason through the events of JwtBearer. It is handed on, never thrown, so a refusal costs no stack trace; and it says the code
/// and nothing of the token.
/// </summary>
internal sealed class IapAssertionException : SecurityTokenValidationException
{
    public IapAssertionException()
    {
    }

    public IapAssertionException(string message)
        : base(message)
    {
    }

    public IapAssertionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public IapAssertionException(RefusalReason reason)
        : base($"The IAP assertion was not accepted: {reason.ToCode()}.") => Reason = reason;

    public RefusalReason Reason { get; }
}
