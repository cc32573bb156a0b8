using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace OriginGuard.Guard;

/// <summary>
/// Puts the guard in front of endpoints that routing runs at once (<c>ShortCircuit()</c>, <c>MapShortCircuit</c>), past all middleware that stands behind
/// routing: they are exchanged for ones that ask the guard first.
/// </summary>
internal sealed class ShortCircuitGuardPolicy(RequestGuard guard, GuardedPipeline pipeline) : MatcherPolicy, IEndpointSelectorPolicy
{
    // The framework's own mark on such an endpoint, which is not public.
    private const string Mark = "ShortCircuitMetadata";

    private readonly ConditionalWeakTable<Endpoint, Endpoint> _guarded = [];

    /// <summary>After all policies that choose among endpoints.</summary>
    public override int Order => int.MaxValue;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => pipeline.HasGuard && (ContainsDynamicEndpoints(endpoints) || endpoints.Any(IsShortCircuited));

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i) && IsShortCircuited(candidates[i].Endpoint))
            {
                candidates.ReplaceEndpoint(i, _guarded.GetValue(candidates[i].Endpoint, Guarded), candidates[i].Values);
            }
        }

        return Task.CompletedTask;
    }

    private static bool IsShortCircuited(Endpoint endpoint) => endpoint.Metadata.Any(static item => item.GetType().Name == Mark);

    private Endpoint Guarded(Endpoint endpoint)
    {
        var answer = endpoint.RequestDelegate ?? (static _ => Task.CompletedTask);
        RequestDelegate asking = context => guard.InvokeAsync(context, answer);
        return endpoint is RouteEndpoint route
            ? new RouteEndpoint(asking, route.RoutePattern, route.Order, route.Metadata, route.DisplayName)
            : new Endpoint(asking, endpoint.Metadata, endpoint.DisplayName);
    }
}
