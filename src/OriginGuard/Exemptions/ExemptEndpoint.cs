using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace OriginGuard.Exemptions;

/// <summary>What <see cref="AllowDirectAccessAttribute"/> on an endpoint is worth: no more than whoever wrote it can have meant, whatever a caller writes.</summary>
internal static class ExemptEndpoint
{
    public static bool IsMarked(Endpoint endpoint) => endpoint.Metadata.GetMetadata<AllowDirectAccessAttribute>() is not null;

    /// <summary>The mark is there and worth something, for requests that come in by the endpoint's port.</summary>
    public static bool IsExempt(Endpoint endpoint) => IsMarked(endpoint) && !BeginsWithParameter(endpoint);

    // (The feature by its type: GetEndpoint() asks by a generic virtual method, which is dearer than the search behind it.)
    public static bool Holds(HttpContext context) =>
        context.Features[typeof(IEndpointFeature)] is IEndpointFeature { Endpoint: { } endpoint } && IsExempt(endpoint) && IsOnItsPath(endpoint, context.Request) && IsOnItsPort(endpoint, context);

    /// <summary>
    /// The endpoint's path begins with a parameter, and so has paths of others: middleware behind the guard, a branch of <c>Map</c> for one, answers such paths too, and
    /// before the endpoint. An exemption would open all of them. A route value that MVC requires is as good as a literal; an endpoint that a fallback has reached, which is
    /// none of routing's own, is as good as a catch-all.
    /// </summary>
    public static bool BeginsWithParameter(Endpoint endpoint) =>
        endpoint is not RouteEndpoint { RoutePattern: var pattern } || (pattern.PathSegments is [{ Parts: [RoutePatternParameterPart first, ..] }, ..]
            && !(pattern.RequiredValues.TryGetValue(first.Name, out var required) && required is string { Length: > 0 }));

    /// <summary>The path goes on behind a parameter, so that paths of others may lie among its own.</summary>
    public static bool HasInnerParameter(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.PathSegments.SkipLast(1).Any(static segment => segment.Parts.Any(static part => part.IsParameter));

    /// <summary>The names of hosts, without a port, by which an endpoint is chosen.</summary>
    public static IEnumerable<string> HostNames(Endpoint endpoint) => Hosts(endpoint).Where(static host => PortOf(host) is null && host is not "*");

    /// <summary>The ports on which alone an endpoint is exempt; none for one that is exempt on all.</summary>
    public static IReadOnlyList<int> Ports(Endpoint endpoint)
    {
        int?[] ports = [.. Hosts(endpoint).Select(PortOf)];
        return ports.Contains(null) ? [] : [.. ports.OfType<int>()];
    }

    /// <summary>
    /// A fallback and a policy of the application's reach an endpoint by any path, and not all of them by an endpoint of their own. Its first segment must be there, in front of what
    /// a base has taken off the path or behind.
    /// </summary>
    private static bool IsOnItsPath(Endpoint endpoint, HttpRequest request) => endpoint is RouteEndpoint { RoutePattern.PathSegments: var segments } && segments switch
    {
        [] => request.Path.Value is null or "" or "/",
        [{ Parts: [RoutePatternLiteralPart { Content: var first }] }, ..] => Begins(request.Path, first) || Begins(request.PathBase, first),
        _ => true,
    };

    private static bool Begins(PathString path, string segment) => path.StartsWithSegments($"/{segment}", StringComparison.OrdinalIgnoreCase);

    /// <summary>A port in the <c>Host</c> header is the caller's word; the one that the connection came in by is not.</summary>
    private static bool IsOnItsPort(Endpoint endpoint, HttpContext context)
    {
        var hosts = Hosts(endpoint);
        return hosts.Count == 0 || hosts.Any(host => PortOf(host) is not { } port || port == context.Connection.LocalPort);
    }

    private static IReadOnlyList<string> Hosts(Endpoint endpoint) => endpoint.Metadata.GetMetadata<IHostMetadata>()?.Hosts ?? [];

    private static int? PortOf(string host)
    {
        var colon = host.LastIndexOf(':');
        return colon >= 0 && int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
    }
}
