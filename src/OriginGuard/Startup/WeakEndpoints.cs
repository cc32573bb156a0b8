using Microsoft.AspNetCore.Cors.Infrastructure;
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

    private const string MetricsPath = "/metrics";

    private static readonly HashSet<string> ProbePaths = new(StringComparer.OrdinalIgnoreCase)
    {
        "/health", "/healthz", "/health/live", "/health/ready", "/healthcheck", "/live", "/livez", "/liveness", "/alive", "/ready", "/readyz", "/readiness", "/startupz",
    };

    /// <param name="options">The options in force.</param>
    /// <param name="mapped">The endpoints of the application.</param>
    /// <param name="ports">The ports that the server listens on; none where they are not known.</param>
    /// <param name="isRoutingBehind">The guard sees no endpoint, so none is exempt.</param>
    /// <param name="hasFallbackPolicy">An endpoint that says nothing of authorization asks for a signed-in user.</param>
    public static IEnumerable<string> Find(
        OriginGuardOptions options, MappedEndpoints mapped, IReadOnlyList<int> ports, bool isRoutingBehind = false, bool hasFallbackPolicy = false)
    {
        if (isRoutingBehind && mapped.InSight.Any(ExemptEndpoint.IsMarked))
        {
            yield return "UseRouting was called behind UseOriginGuard: the guard sees no endpoint, so AllowDirectAccess exempts none. "
                + "Call app.UseRouting() before app.UseOriginGuard(), or leave it out.";
        }

        if (isRoutingBehind && options.IsOn(options.Iap) && options.Iap.AllowPreflight is null && mapped.InSight.Any(static endpoint => endpoint.Metadata.GetMetadata<ICorsMetadata>() is not null))
        {
            yield return "UseRouting was called behind UseOriginGuard: the guard sees no endpoint, so a preflight is answered by the default CORS policy, or by 405 where there is none, "
                + "and not by the endpoint's. Call app.UseRouting() before app.UseOriginGuard(), or leave it out.";
        }

        foreach (var endpoint in mapped.OutOfSight.OfType<RouteEndpoint>().Where(ExemptEndpoint.IsMarked))
        {
            yield return $"AllowDirectAccess does not hold for {PathOf(endpoint)}: it is mapped in a branch that has routing of its own, and the guard, in front of that, sees no endpoint. "
                + "Name its whole path in OriginGuard:Exemptions instead, and take AllowDirectAccess off it.";
        }

        foreach (var endpoint in mapped.InSight.OfType<RouteEndpoint>())
        {
            var path = PathOf(endpoint);
            foreach (var doubt in ExemptEndpoint.IsMarked(endpoint) ? Doubts(endpoint, path, ports) : [])
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
            else if (isExempt && IsProbed(endpoint, path) && EndpointAuthorization.AsksForUser(endpoint, hasFallbackPolicy))
            {
                yield return $"{path} is exempt from the guard and asks for a signed-in user all the same: a probe is nobody, and gets 401 or 403. Add .AllowAnonymous() to it.";
            }
            else if (!isExempt && string.Equals(path, MetricsPath, StringComparison.OrdinalIgnoreCase) && IsForReading(endpoint))
            {
                yield return $"{path} has no exemption: a scraper that goes around the load balancer is refused, and no alert on these metrics can fire. "
                    + "Add an entry of OriginGuard:Exemptions with the scraper's networks.";
            }
        }

        foreach (var endpoint in options.IsOn(options.Iap) ? mapped.All.OfType<RouteEndpoint>() : [])
        {
            if (endpoint.Metadata.GetMetadata<ResponseCacheAttribute>() is { NoStore: false, Location: ResponseCacheLocation.Any, Duration: > 0 })
            {
                yield return $"{PathOf(endpoint)} lets shared caches keep its answer, and IAP is on: IAP and Cloud CDN do not go together on a backend service, and a cache in "
                    + "between would give one user's answer to another. Take [ResponseCache] off it, or set its Location to Client.";
            }
        }
    }

    private static IEnumerable<string> Doubts(RouteEndpoint endpoint, string path, IReadOnlyList<int> ports)
    {
        if (ExemptEndpoint.BeginsWithParameter(endpoint))
        {
            yield return $"AllowDirectAccess does not hold for {path}: a path that begins with a parameter is also one of other endpoints and of middleware behind the guard, "
                + "and the exemption would open those. Give exempt endpoints paths of their own, or name them in OriginGuard:Exemptions.";
        }
        else if (ports.Count > 0 && ExemptEndpoint.Ports(endpoint) is { Count: > 0 } required && !required.Intersect(ports).Any())
        {
            yield return $"{path} is exempt for connections to port {string.Join(", ", required)} only, and the server listens on {string.Join(", ", ports)}: it is exempt for nobody. What counts is the port "
                + "that the server listens on, not one that a container engine or a proxy puts in front of it.";
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

    /// <summary>Browsers post what they measure to such a path, too.</summary>
    private static bool IsForReading(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is not { Count: > 0 } methods || methods.Contains(HttpMethods.Get);

    private static string PathOf(RouteEndpoint endpoint) => $"/{endpoint.RoutePattern.RawText?.Trim('/')}";
}
