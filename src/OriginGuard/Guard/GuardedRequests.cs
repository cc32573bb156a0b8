using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using OriginGuard.Ranges;

namespace OriginGuard.Guard;

/// <summary>Keeps one <see cref="GuardedRequest"/> with each context, and begins it anew with each request.</summary>
internal sealed class GuardedRequests(GuardPlans plans)
{
    private readonly ConditionalWeakTable<HttpContext, GuardedRequest> _requests = [];

    /// <summary>A request has come in, and nothing has touched it yet.</summary>
    public GuardedRequest Arrive(HttpContext context) => Begin(context, isFirst: true);

    /// <summary>The request that has arrived by this context.</summary>
    // (Features by type, here and where each request asks: Get<T> is a generic virtual call, and dearer than the search behind it.)
    public GuardedRequest Of(HttpContext context) =>
        context.Features[typeof(GuardedRequest)] as GuardedRequest ?? Begin(context, isFirst: false);

    private GuardedRequest Begin(HttpContext context, bool isFirst)
    {
        var request = _requests.GetOrCreateValue(context);
        if (request.Abandon())
        {
            // Something in front gave up on the former request while the guard still waits for it: what comes back late must find nothing of this one.
            request = new GuardedRequest();
            _requests.AddOrUpdate(context, request);
        }

        request.Arrive(context, plans.Current, PeerAddress.Of(context, isFirst), isFirst);
        context.Features[typeof(GuardedRequest)] = request;
        return request;
    }
}
