using System.Net;
using OriginGuard.Networks;

namespace OriginGuard.Arming;

/// <summary>Callers in words: who they are, and what to do about them.</summary>
internal static class CallerWords
{
    public static string Who(CallerState caller) => Enum.Parse<CallerKind>(caller.Kind) switch
    {
        CallerKind.LoadBalancer => "Your load balancer",
        CallerKind.KnowsSecret => "Somebody outside the ranges who knows the secret",
        CallerKind.SignedIn => "Somebody outside the ranges whom Identity-Aware Proxy has signed in",
        CallerKind.GoogleWithoutSecret when caller.Agent is not null => $"A health check of Google, or somebody behind a load balancer of Google who calls himself one{Named(caller)}",
        CallerKind.GoogleWithoutSecret => "A load balancer of Google without a right secret",
        CallerKind.GoogleElsewhere => $"Google, from networks of another platform{Named(caller)}",
        CallerKind.ThisMachine => $"This machine{Named(caller)}",
        CallerKind.OwnNetwork => $"A machine of a private network{Named(caller)}",
        CallerKind.NamedAgent => $"Somebody who calls itself {caller.Agent}",
        _ => "A stranger",
    };

    public static string Remedy(CallerState caller) => Enum.Parse<CallerKind>(caller.Kind) switch
    {
        CallerKind.LoadBalancer when caller.Reasons.Any(static reason => reason.StartsWith("iap.", StringComparison.Ordinal)) =>
            "Turn IAP on for the backend service of these routes, correct Iap:Audiences, or exempt the routes.",
        CallerKind.LoadBalancer => "Look up the reason: what your load balancer sends is not what the layer expects.",
        CallerKind.KnowsSecret => "Look first whether the ranges are up to date (4103, and their age in the health check). If it is a regional load balancer, add the addresses of its Cloud NAT, or for VM and "
            + "GKE back ends its proxy-only subnet, to SourceAddress:Networks. If the address is of 169.254.0.0/16, this is Cloud Run, and Platform or ForwardedForPosition is not right. If it is any other private address, a proxy "
            + "of yours stands in between, or addresses are translated on the way (a NodePort, a container's bridge): then it is everybody's, so set SourceAddress:Mode to Disabled and never add that network. If a proxy stands "
            + "in between, let the load balancer reach the origin without it. If it is none of these, the secret has leaked: rotate it.",
        CallerKind.SignedIn => "Your load balancer, most likely, by a way that the other layers do not know: look whether the ranges are up to date (4103), add the addresses of a regional one's Cloud NAT or proxy-only subnet to "
            + "SourceAddress:Networks, or put the custom request header on that backend service. Or a user who sends his own assertion around the load balancer: he must be refused.",
        CallerKind.GoogleWithoutSecret when caller.Agent is not null => "Exempt the path that your health check calls. If you have none there, it must be refused.",
        CallerKind.GoogleWithoutSecret => "Put the custom request header on every backend service that leads here. If all have it, it is another customer's load balancer, and must be refused.",
        CallerKind.GoogleElsewhere => "Correct Platform; or it is a health check: exempt its path for 35.191.0.0/16 and 130.211.0.0/22.",
        CallerKind.ThisMachine => "A health check or a proxy on the machine: exempt the path it calls for this peer, or let it come through the load balancer.",
        CallerKind.OwnNetwork when IsLinkLocal(caller.Network) => "Where a platform holds every connection, as Cloud Run does, everybody has such an address: a stranger, or a backend service of yours "
            + "without the custom request header. Put the header on every one, and exempt nothing for this network.",
        CallerKind.OwnNetwork => "A probe, a job or a proxy beside the origin: exempt the path it calls for its network, or let it come through the load balancer. But if your load balancer comes from this "
            + "network, too, it is the proxy-only subnet of a regional one, which belongs into SourceAddress:Networks, or addresses are translated on the way (a NodePort, a container's bridge), and it is everybody's: exempt "
            + "nothing for it.",
        CallerKind.NamedAgent => "If it is a monitor of yours, let it call the load balancer, or exempt the path that it calls, for its networks where a listener has a connection guard. Anybody can use its name.",
        _ => "Let it call the load balancer, if it belongs here.",
    };

    private static bool IsLinkLocal(string? network) => IPNetwork.TryParse(network, out var parsed) && PeerKinds.Of(parsed.BaseAddress) is PeerKind.LinkLocal;

    private static string Named(CallerState caller) => caller.Agent is { } agent ? $" ({agent})" : "";
}
