using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OriginGuard.Guard;

namespace OriginGuard.Startup;

/// <summary>The endpoints of the application.</summary>
/// <param name="InSight">Those that the routing of the whole pipeline finds, so that the guard sees them.</param>
/// <param name="OutOfSight">Those of branches that have routing of their own, behind the guard.</param>
internal readonly record struct MappedEndpoints(IReadOnlyList<Endpoint> InSight, IReadOnlyList<Endpoint> OutOfSight)
{
    public IReadOnlyList<Endpoint> All => [.. InSight, .. OutOfSight];

    public static MappedEndpoints Of(EndpointDataSource? source, GuardedPipeline pipeline)
    {
        if (source is not CompositeEndpointDataSource { DataSources: var all } || pipeline.SourcesInSight is not { } inSight || pipeline.IsRoutingBehind)
        {
            return new(source?.Endpoints ?? [], []);
        }

        var groups = all.ToLookup(inSight.Contains, static one => one.Endpoints);
        return new([.. groups[true].SelectMany(static one => one)], [.. groups[false].SelectMany(static one => one)]);
    }
}
