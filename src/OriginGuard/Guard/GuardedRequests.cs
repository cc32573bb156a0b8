using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OriginGuard.Ranges;

namespace OriginGuard.Guard;

/// <summary>Keeps one <see cref="GuardedRequest"/> with each context, and begins it anew with each request.</summary>
internal sealed class GuardedRequests(GuardPlans plans)
{
    private readonly ConditionalWeakTable<HttpContext, GuardedRequest> _requests = [];

    /// <summary>A request has come in, and nothing has touched it yet.</summary>
    public GuardedRequest Arrive(HttpContext context) => Begin(context, isFirst: true, PeerAddress.Of(context, isFirst: true));

    /// <summary>The request that has arrived by this context.</summary>
    // (Features by type, here and where each request asks: Get<T> is a generic virtual call, and dearer than the search behind it.)
    public GuardedRequest Of(HttpContext context)
    {
        if (context.Features[typeof(GuardedRequest)] is not GuardedRequest { IsRead: true } request)
        {
            return Begin(context, isFirst: false, PeerAddress.Of(context, isFirst: false));
        }

        return request.HoldsFor(context) ? request : BeginAsPart(context, request);
    }

    /// <summary>A part of another request, with a context of its own: it came by the same hands, and is judged as itself.</summary>
    private GuardedRequest BeginAsPart(HttpContext context, GuardedRequest whole)
    {
        var part = Begin(context, isFirst: false, whole.ConnectionAddress);
        part.TakeArrivalFrom(whole);

        // The endpoint is that of the whole, and so would its exemption be.
        if (ReferenceEquals(context.Features[typeof(IEndpointFeature)], whole.Context.Features[typeof(IEndpointFeature)]))
        {
            context.Features[typeof(IEndpointFeature)] = new NoEndpoint();
        }

        return part;
    }

    private GuardedRequest Begin(HttpContext context, bool isFirst, IPAddress? connectionAddress)
    {
        // Where the guard has waited, something in front may have given up on the former request, and what comes back late must find nothing of this one.
        if (!_requests.TryGetValue(context, out var request) || !request.TryReuse())
        {
            request = new GuardedRequest();
            _requests.AddOrUpdate(context, request);
        }

        request.Arrive(context, plans.Current, connectionAddress);

        // Before anything is read from the context: with each feature that is set it begins to look for its own anew.
        context.Features[typeof(GuardedRequest)] = request;
        request.Read(isFirst);
        return request;
    }

    /// <summary>Routing has found nothing.</summary>
    private sealed class NoEndpoint : IEndpointFeature
    {
        public Endpoint? Endpoint { get; set; }
    }
}
