using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using OriginGuard.Exemptions;

namespace OriginGuard.Startup;

/// <summary>Endpoints that will not do what whoever mapped them may expect behind the guard: a sentence for each, with what to do.</summary>
internal static class WeakEndpoints
{
    // What MapHealthChecks calls its endpoints.
    private const string HealthChecksName = "Health checks";

    private static readonly HashSet<string> ProbePaths = new(StringComparer.OrdinalIgnoreCase)
    {
        "/health", "/healthz", "/health/live", "/health/ready", "/healthcheck", "/live", "/livez", "/liveness", "/alive", "/ready", "/readyz", "/readiness", "/startupz",
    };

    /// <param name="options">The options in force.</param>
    /// <param name="endpoints">The endpoints of the application.</param>
    /// <param name="isRoutingBehind">The guard sees no endpoint, so none is exempt.</param>
    public static IEnumerable<string> Find(OriginGuardOptions options, IReadOnlyList<Endpoint> endpoints, bool isRoutingBehind = false)
    {
        if (isRoutingBehind && endpoints.Any(ExemptEndpoint.IsMarked))
        {
            yield return "UseRouting was called behind UseOriginGuard: the guard sees no endpoint, so AllowDirectAccess exempts none. "
                + "Call app.UseRouting() before app.UseOriginGuard(), or leave it out.";
        }

        var iapIsOn = options.IsOn(options.Iap);
        foreach (var endpoint in endpoints.OfType<RouteEndpoint>())
        {
            var path = PathOf(endpoint);
            foreach (var doubt in ExemptEndpoint.IsMarked(endpoint) ? Doubts(endpoint, path) : [])
            {
                yield return doubt;
            }

            var isExempt = (ExemptEndpoint.IsMarked(endpoint) && !isRoutingBehind)
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

    private static IEnumerable<string> Doubts(RouteEndpoint endpoint, string path)
    {
        if (ExemptEndpoint.BeginsWithParameter(endpoint))
        {
            yield return $"AllowDirectAccess does not hold for {path}: a path that begins with a parameter is also one of other endpoints and of middleware behind the guard, "
                + "and the exemption would open those. Give exempt endpoints paths of their own, or name them in OriginGuard:Exemptions.";
        }
        else if (ExemptEndpoint.HostNames(endpoint).ToArray() is { Length: > 0 } names)
        {
            yield return $"{path} is exempt and chosen by the host {string.Join(", ", names)}: the caller writes the Host header, so everybody reaches it. "
                + "Require a port that only probes can reach (RequireHost(\"*:9090\")), or name networks in OriginGuard:Exemptions.";
        }
        else if (ExemptEndpoint.HasInnerParameter(endpoint))
        {
            yield return $"{path} is exempt, and so is every path that fits it: middleware behind the guard that answers one of them, a branch of Map for example, is open to "
                + "everybody, too. Give exempt endpoints paths without parameters, or name them in OriginGuard:Exemptions.";
        }
    }

    private static bool IsProbed(RouteEndpoint endpoint, string path) =>
        string.Equals(endpoint.DisplayName, HealthChecksName, StringComparison.Ordinal) || ProbePaths.Contains(path);

    private static string PathOf(RouteEndpoint endpoint) => $"/{endpoint.RoutePattern.RawText?.Trim('/')}";
}
