using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace OriginGuard.Guard;

/// <summary>
/// Puts the guard in front of endpoints that routing runs at once (<c>ShortCircuit()</c>, <c>MapShortCircuit</c>), past all middleware that stands behind
/// routing: they are exchanged for ones that ask the guard first. Once before all policies that choose among endpoints, since one may choose by itself and end the
/// search, and once after them, for endpoints that only they bring.
/// </summary>
internal sealed class ShortCircuitGuardPolicy(RequestGuard guard, GuardedPipeline pipeline, bool isFirst) : MatcherPolicy, IEndpointSelectorPolicy
{
    // The framework's own mark on such an endpoint, which is not public.
    private const string Mark = "ShortCircuitMetadata";

    private readonly ConditionalWeakTable<Endpoint, Endpoint> _guarded = [];

    public override int Order => isFirst ? int.MinValue : int.MaxValue;

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

    private static bool IsShortCircuited(Endpoint endpoint) => endpoint.Metadata.GetMetadata<Asking>() is null && endpoint.Metadata.Any(static item => item.GetType().Name == Mark);

    private Endpoint Guarded(Endpoint endpoint)
    {
        var answer = endpoint.RequestDelegate ?? (static _ => Task.CompletedTask);
        RequestDelegate asking = context => guard.InvokeAsync(context, answer);
        EndpointMetadataCollection metadata = new([.. endpoint.Metadata, Asking.Instance]);
        return endpoint is RouteEndpoint route
            ? new RouteEndpoint(asking, route.RoutePattern, route.Order, metadata, route.DisplayName)
            : new Endpoint(asking, metadata, endpoint.DisplayName);
    }

    /// <summary>The mark of an endpoint that asks the guard.</summary>
    private sealed class Asking
    {
        public static readonly Asking Instance = new();
    }
}
