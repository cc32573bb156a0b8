using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace OriginGuard.Tests.Guard;

/// <summary>Takes the first candidate, and so ends the search.</summary>
internal sealed class ChoosingPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => true;

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        httpContext.SetEndpoint(candidates[0].Endpoint);
        return Task.CompletedTask;
    }
}
