using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OriginGuard.Guard;

namespace OriginGuard.Startup;

/// <summary>The endpoints of the application.</summary>
/// <param name="inSight">Those that the routing of the whole pipeline finds, so that the guard sees them.</param>
/// <param name="outOfSight">Those of branches that have routing of their own, behind the guard.</param>
internal sealed class MappedEndpoints(IReadOnlyList<Endpoint> inSight, IReadOnlyList<Endpoint> outOfSight)
{
    public IReadOnlyList<Endpoint> InSight => inSight;

    public IReadOnlyList<Endpoint> OutOfSight => outOfSight;

    public IReadOnlyList<Endpoint> All => [.. inSight, .. outOfSight];

    public static MappedEndpoints Of(EndpointDataSource? source, GuardedPipeline pipeline)
    {
        if (source is not CompositeEndpointDataSource { DataSources: var all } || !pipeline.HasGuard || pipeline.IsRoutingBehind)
        {
            return new(source is null ? [] : EndpointsOf(source), []);
        }

        var groups = all.ToLookup(pipeline.SourcesInSight.Contains, EndpointsOf);
        return new([.. groups[true].SelectMany(static one => one)], [.. groups[false].SelectMany(static one => one)]);
    }

    /// <summary>None of a source that cannot make its own, such as that of a branch whose endpoint wants a service that is not there: whoever asks for one of them learns of it from the framework.</summary>
    private static IReadOnlyList<Endpoint> EndpointsOf(EndpointDataSource source)
    {
        try
        {
            return source.Endpoints;
        }
        catch (Exception)
        {
            return [];
        }
    }
}
