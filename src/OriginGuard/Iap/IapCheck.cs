using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using OriginGuard.Checks;

namespace OriginGuard.Iap;

/// <summary>The third layer: the assertion that Identity-Aware Proxy signed.</summary>
internal sealed class IapCheck(IapVerifier verifier) : IOriginCheck
{
    public GuardLayer Layer => GuardLayer.Iap;

    public async ValueTask<OriginVerdict> CheckAsync(HttpContext context, OriginFindings findings)
    {
        var headers = context.Request.Headers;
        var result = await verifier.VerifyAsync(headers[IapDefaults.AssertionHeader]);
        findings.SignedAudience = result.SignedAudience;
        if (result.User is null)
        {
            RemoveUnsignedIdentity(headers);
            return OriginVerdict.Because(result.Reason);
        }

        findings.User = new ClaimsPrincipal(result.User);
        return OriginVerdict.Admitted;
    }

    /// <summary>
    /// Without a valid assertion the companion headers are a caller's invention. They go even where the request is let through, in
    /// report-only mode or by an exemption.
    /// </summary>
    public static void RemoveUnsignedIdentity(IHeaderDictionary headers)
    {
        foreach (var name in IapDefaults.UnsignedIdentityHeaders)
        {
            headers.Remove(name);
        }
    }
}
