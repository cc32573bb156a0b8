using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace OriginGuard;

/// <summary>Endpoints that will not do what whoever mapped them may expect behind the guard: a sentence for each, with what to do.</summary>
internal static class WeakEndpoints
{
    // What MapHealthChecks calls its endpoints.
    private const string HealthChecksName = "Health checks";

    private static readonly HashSet<string> ProbePaths = new(StringComparer.OrdinalIgnoreCase)
    {
        "/health", "/healthz", "/health/live", "/health/ready", "/healthcheck", "/live", "/livez", "/liveness", "/alive", "/ready", "/readyz", "/readiness", "/startupz",
    };

    public static IEnumerable<string> Find(OriginGuardOptions options, IReadOnlyList<Endpoint> endpoints)
    {
        var iapIsOn = options.Iap.IsConfigured && options.Iap.Mode is not LayerMode.Disabled;
        foreach (var endpoint in endpoints.OfType<RouteEndpoint>())
        {
            var path = PathOf(endpoint);
            var isExempt = endpoint.Metadata.GetMetadata<AllowDirectAccessAttribute>() is not null
                || options.Exemptions.Any(exemption => exemption.Path == path);
            if (!isExempt && IsProbed(endpoint, path))
            {
                yield return $"{path} looks like a health endpoint and has no exemption: a probe comes from another address than the load balancer, without secret "
                    + "and assertion, and is refused. "
                    + "Add .AllowDirectAccess() to it, or an entry of OriginGuard:Exemptions.";
            }

            if (iapIsOn && endpoint.Metadata.GetMetadata<ResponseCacheAttribute>() is { NoStore: false, Location: ResponseCacheLocation.Any, Duration: > 0 })
            {
                yield return $"{path} lets shared caches keep its answer, and IAP is on: IAP and Cloud CDN do not go together on a backend service, and a cache in "
                    + "between would give one user's answer to another. Take [ResponseCache] off it, or set its Location to Client.";
            }
        }
    }

    private static bool IsProbed(RouteEndpoint endpoint, string path) =>
        string.Equals(endpoint.DisplayName, HealthChecksName, StringComparison.Ordinal) || ProbePaths.Contains(path);

    private static string PathOf(RouteEndpoint endpoint) => $"/{endpoint.RoutePattern.RawText?.Trim('/')}";
}
