using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OriginGuard.Guard;

namespace OriginGuard.Startup;

/// <summary>Preflights that CORS alone answers, in an application whose policy it cannot know: reporting, the application answers them itself, and all looks well.</summary>
internal static class WeakCors
{
    public static IEnumerable<string> Find(GuardPlan plan, IReadOnlyList<Endpoint> endpoints, IServiceProvider? services) =>
        plan.Iap.LeavesPreflightsToCors && services is not null && HasNamedPoliciesOnly(services) && !endpoints.Any(static endpoint => endpoint.Metadata.GetMetadata<ICorsMetadata>() is not (null or IDisableCorsAttribute))
            ? ["CORS has no default policy, and no endpoint names one: while OriginGuard:Iap is enforced, a preflight that comes to the guard is answered by 405, since a policy that UseCors alone names is not asked. Make it the "
                + "default (AddDefaultPolicy), name it at the endpoints (RequireCors), or set OriginGuard:Iap:AllowPreflight to true."]
            : [];

    // MVC registers CORS by itself, and configures nothing of it. Who provides policies otherwise knows more than the options.
    private static bool HasNamedPoliciesOnly(IServiceProvider services) =>
        services.GetService<ICorsPolicyProvider>() is DefaultCorsPolicyProvider
        && services.GetServices<IConfigureOptions<CorsOptions>>().Any()
        && services.GetService<IOptions<CorsOptions>>()?.Value is { } options && options.GetPolicy(options.DefaultPolicyName) is null;
}
