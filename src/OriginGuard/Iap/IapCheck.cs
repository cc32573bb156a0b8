using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using OriginGuard.Checks;

namespace OriginGuard.Iap;

/// <summary>The third layer: the assertion that Identity-Aware Proxy signed. It looks and touches nothing: what goes on is the middleware's business.</summary>
internal sealed class IapCheck(IapVerifier verifier, Preflights preflights = Preflights.None) : OriginCheck
{
    public override GuardLayer Layer => GuardLayer.Iap;

    /// <summary>What can be said without a look into the assertion.</summary>
    public static OriginVerdict? Glance(HttpContext context, OriginFindings findings, Preflights preflights) =>
        PassesAsPreflight(context, findings, preflights) ? OriginVerdict.Admitted
        : IapVerifier.Single(findings.Assertion, out _) is not RefusalReason.None and var reason ? OriginVerdict.Because(reason)
        : null;

    public override ValueTask<OriginVerdict> CheckAsync(HttpContext context, OriginFindings findings) =>
        PassesAsPreflight(context, findings, preflights) ? ValueTask.FromResult(AsPreflight(findings)) : VerifyAsync(findings);

    private static bool PassesAsPreflight(HttpContext context, OriginFindings findings, Preflights preflights) =>
        preflights is not Preflights.None && findings.Assertion.Count == 0 && IsPreflight(context.Request, findings.Method);

    /// <summary>
    /// A preflight as the Fetch standard makes it: the browser sends it without credentials, so what carries any is another request, and so is one with an
    /// assertion, which can be judged. So is one that has become OPTIONS on the way here: routing has chosen by what it was.
    /// </summary>
    private static bool IsPreflight(HttpRequest request, string methodAtArrival) =>
        HttpMethods.IsOptions(methodAtArrival)
        && HttpMethods.IsOptions(request.Method)
        && request.Headers.Origin is [{ Length: > 0 }]
        && request.Headers.AccessControlRequestMethod is [{ Length: > 0 }]
        && request.Headers.Cookie.Count == 0
        && request.Headers.Authorization.Count == 0;

    private OriginVerdict AsPreflight(OriginFindings findings)
    {
        findings.IsForCorsAlone = preflights is Preflights.ForCorsAlone;
        return OriginVerdict.Admitted;
    }

    private async ValueTask<OriginVerdict> VerifyAsync(OriginFindings findings)
    {
        var result = await verifier.VerifyAsync(findings.Assertion).ConfigureAwait(false);
        findings.SignedAudience = result.SignedAudience;
        if (result.User is null)
        {
            return OriginVerdict.Because(result.Reason);
        }

        findings.User = new ClaimsPrincipal(result.User);
        return OriginVerdict.Admitted;
    }
}
