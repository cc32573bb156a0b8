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
        context.Features[typeof(GuardedRequest)] is GuardedRequest { IsRead: true } request ? request : Begin(context, isFirst: false);

    private GuardedRequest Begin(HttpContext context, bool isFirst)
    {
        // Where the guard has waited, something in front may have given up on the former request, and what comes back late must find nothing of this one.
        if (!_requests.TryGetValue(context, out var request) || !request.TryReuse())
        {
            request = new GuardedRequest();
            _requests.AddOrUpdate(context, request);
        }

        request.Arrive(context, plans.Current, PeerAddress.Of(context, isFirst));

        // Before anything is read from the context: with each feature that is set it begins to look for its own anew.
        context.Features[typeof(GuardedRequest)] = request;
        request.Read(isFirst);
        return request;
    }
}
