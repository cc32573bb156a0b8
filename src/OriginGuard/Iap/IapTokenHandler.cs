using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OriginGuard.Iap;

/// <summary>
/// Where JwtBearer asks us: the only handler on <c>JwtBearerOptions.TokenHandlers</c>. (What stands on the older list
/// <c>SecurityTokenValidators</c> is skipped without a word.) <c>TokenValidationParameters</c> cannot loosen anything here.
/// </summary>
internal sealed class IapTokenHandler(IapVerifier verifier) : TokenHandler
{
    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        var result = await verifier.VerifyAsync(token).ConfigureAwait(false);
        return result.User is null
            ? new TokenValidationResult { Exception = new IapAssertionException(result.Reason) }
            : new TokenValidationResult { IsValid = true, ClaimsIdentity = result.User, SecurityToken = new JsonWebToken(token) };
    }
}
