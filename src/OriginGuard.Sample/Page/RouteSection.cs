using OriginGuard.Diagnostics;
using OriginGuard.Sample.Endpoints;
using OriginGuard.Sample.Simulated;

namespace OriginGuard.Sample.Page;

/// <summary>The way that the request took, stop by stop.</summary>
internal static class RouteSection
{
    public static Html Render(WhoAmI seen, Simulation? simulation) => Html.Of($"""
        <ol class="route" aria-label="The way of this request">
        {Stop("You", seen.ClientAddress ?? "address unknown", "the client")}
        {Peer(seen, simulation)}
        {Stop("This origin", simulation?.OriginForClients.ToString() ?? seen.Scheme, "behind the guard")}
        </ol>
        """);

    // Only the verdict makes the peer a load balancer.
    private static Html Peer(WhoAmI seen, Simulation? simulation) => seen.Verdict is "admitted"
        ? Stop("Load balancer", seen.PeerAddress ?? "no address", simulation is null ? "the peer of the connection" : "simulated; adds the secret")
        : Stop("Somebody", seen.PeerAddress ?? "no address", "the peer of the connection");

    private static Html Stop(string name, string address, string role) =>
        Html.Of($"""<li><strong>{name}</strong> <span class="address">{address}</span> <small>{role}</small></li>""");
}
