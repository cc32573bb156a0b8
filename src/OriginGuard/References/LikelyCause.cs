using OriginGuard.Networks;

namespace OriginGuard.References;

/// <summary>What most likely lies behind a refusal, by all that its record holds: one reason has several causes, and the other layers tell them apart.</summary>
internal static class LikelyCause
{
    private const string CloudRun = "If this is Cloud Run, the platform holds every connection and everybody has such an address: Platform is not the one that this origin has, or ForwardedForPosition counts an entry of the platform itself.";

    public static string Of(RefusalRecord record) => record.Reason switch
    {
        RefusalReason.AddressOutsideRanges => OutsideRanges(record),
        RefusalReason.SecretMissing => SecretMissing(record),
        RefusalReason.SecretMismatch when IsInRanges(record) => "A load balancer of Google sent another secret than this origin knows: a rotation that is half done, or another customer's load balancer.",
        RefusalReason.SecretMismatch => "Somebody guesses, or the load balancer and this origin have different secrets.",
        RefusalReason.IapMissing when IsInRanges(record) && HasSecret(record) => "Your load balancer sent the request without an assertion: IAP is off for the backend service that serves it.",
        RefusalReason.IapMissing => $"The request did not come through Identity-Aware Proxy.{OrHealthCheck(record)}",
        RefusalReason.IapAudience => "The backend service was created again and has a new id, or the audience belongs to another resource.",
        RefusalReason.IapExpired or RefusalReason.IapIssuedInFuture => "The clock of this machine is wrong; or somebody uses an old assertion again.",
        RefusalReason.AddressRangesUnavailable => "DNS has not answered since the start, or for longer than SourceAddress:MaxAge, or what it answered was not taken: 4103 and 4104 in the log say why.",
        RefusalReason.IapKeysUnavailable => "Google's keys could not be fetched since the start.",
        RefusalReason.AddressUnknown => "The connection came by a Unix socket, or from a test server without a connection.",
        RefusalReason.AddressForwardedForInvalid => "The platform in front does not append to X-Forwarded-For what ForwardedForPosition expects; or the request came around it.",
        RefusalReason.SecretMultiple => "The header is set in two places of the load balancer, or a client sent one and the load balancer added its own.",
        RefusalReason.HeadersSmuggled => "Somebody tries to get past the guard; a load balancer sends no such header.",
        RefusalReason.IapUnknownKey => "The assertion was not made by Identity-Aware Proxy; or Google signs with a new key, and this origin cannot fetch it: 4502 in the log says so.",
        RefusalReason.IapSignature or RefusalReason.IapAlgorithm or RefusalReason.IapIssuer or RefusalReason.IapMalformed
            or RefusalReason.IapMultiple or RefusalReason.IapLifetime => "The assertion was not made by Identity-Aware Proxy, or was changed on its way.",
        RefusalReason.IapSubject => "IAP lets everybody in (allUsers), so that there is no user to name.",
        _ => "Unknown to this version.",
    };

    private static string OutsideRanges(RefusalRecord record) => (HasSecret(record), PeerKinds.Of(record.Peer)) switch
    {
        (_, PeerKind.GoogleFrontEnd) => "Google's front ends or health checks for VM and GKE back ends sent it, which an internet NEG never does: Platform is not the one that this origin has.",
        (true, PeerKind.Loopback) => "A proxy on this machine stands between the load balancer and the origin, IIS or a side-car for example: the peer is the proxy for everybody.",
        (true, PeerKind.LinkLocal) => $"{CloudRun} Elsewhere a proxy beside the origin stands between it and the load balancer.",
        (true, PeerKind.Private) => "A regional load balancer reaches a VM or GKE back end from its proxy-only subnet, which belongs into Networks. Otherwise a proxy of your own network stands between the load "
            + "balancer and the origin; or addresses are translated on the way (a NodePort, a container's bridge), and everybody has this one.",
        (true, _) => "It knows the secret, so it is your load balancer with an address that the ranges do not hold: they have grown old, the load balancer is a regional one (Cloud NAT), "
            + "or a proxy stands in between.",
        (false, PeerKind.Loopback) => "A program on this machine called the origin directly: a health check of your own, for example.",
        (false, PeerKind.LinkLocal) => $"{CloudRun} Elsewhere a program or a container beside the origin called it directly.",
        (false, PeerKind.Private) => "A machine of your own network called the origin directly: a probe, a scheduled job or a container beside it. Or it is the proxy-only subnet of a regional load balancer. Or, where "
            + "addresses are translated on the way (a NodePort, a container's bridge), anybody.",
        _ when record[GuardLayer.SharedSecret].State is LayerState.Off && record[GuardLayer.Iap].State is LayerState.Unverified =>
            "Somebody on the internet called the origin directly, around the load balancer; or it is your load balancer from a new range, which nothing but a secret would tell. "
            + "`originguard ranges` says what Google publishes now.",
        _ => "Somebody on the internet called the origin directly, around the load balancer. This is what the guard is for.",
    };

    private static string SecretMissing(RefusalRecord record) => IsInRanges(record)
        ? "A load balancer of Google sent it without the secret: the custom header is not on the backend service that serves this path, or another customer's load balancer points at this origin."
            + OrHealthCheck(record)
        : "It came around the load balancer, or the custom header is not set there yet.";

    /// <summary>Back ends inside Google Cloud are probed from the networks of the ranges, by what never carries a header of the operator's.</summary>
    private static string OrHealthCheck(RefusalRecord record) =>
        IsInRanges(record) && PeerKinds.Of(record.Peer) is PeerKind.GoogleFrontEnd && (record.Method == "GET" || record.Path.StartsWith("/grpc.health.v1.Health/", StringComparison.Ordinal))
            ? " Or it is Google's health check, which never carries one: then exempt the path that it calls."
            : "";

    private static bool IsInRanges(RefusalRecord record) => record[GuardLayer.SourceAddress].State is LayerState.Admitted;

    private static bool HasSecret(RefusalRecord record) => record[GuardLayer.SharedSecret].State is LayerState.Admitted;
}
