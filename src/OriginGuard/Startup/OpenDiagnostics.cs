using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OriginGuard.Guard;

namespace OriginGuard.Startup;

/// <summary>Diagnostics that every visitor of the site may read: the load balancer admits them all, and tells nobody apart.</summary>
internal static class OpenDiagnostics
{
    /// <summary>By which the endpoint is found.</summary>
    public const string EndpointName = "OriginGuard diagnostics";

    public static IEnumerable<string> Find(GuardPlan plan, IReadOnlyList<Endpoint> endpoints, IServiceProvider? services)
    {
        // With IAP everybody has signed in, unless IAP lets everybody in, and a developer is the only visitor.
        if ((plan.IsIdentityTaken && !plan.Options.Iap.AllowAnonymous) || services is null || services.GetService<IHostEnvironment>()?.IsDevelopment() is true)
        {
            return [];
        }

        var hasFallbackPolicy = EndpointAuthorization.HasFallbackPolicy(services);
        return endpoints.OfType<RouteEndpoint>().Where(endpoint => endpoint.DisplayName == EndpointName && !EndpointAuthorization.AsksForUser(endpoint, hasFallbackPolicy))
            .Select(static endpoint => $"/{endpoint.RoutePattern.RawText?.Trim('/')} shows the guard's set-up, and opens references, to every visitor whom the load balancer lets through: the "
                + "diagnostics ask for no authorization. Add .RequireAuthorization() to them, and AddAuthorization() to the services where it is not there, or map them in Development alone.");
    }
}
