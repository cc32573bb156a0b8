using System.Net;
using Microsoft.AspNetCore.Http;
using OriginGuard.Networks;
using OriginGuard.Ranges;
using OriginGuard.References;

namespace OriginGuard.Arming;

/// <summary>One request that was not admitted, or would not have been. Made in front of the application, which may change what it reads.</summary>
/// <param name="Kind">Who sent it.</param>
/// <param name="Agent">Which of the known monitors it says it is.</param>
/// <param name="Reasons">What the layers said.</param>
/// <param name="Peer">Who it came from.</param>
/// <param name="Published">The network of the ranges that holds the peer.</param>
/// <param name="IsEnforced">It was refused, and not only reported.</param>
internal readonly record struct Encounter(CallerKind Kind, string? Agent, ReasonSet Reasons, IPAddress? Peer, IPNetwork? Published, bool IsEnforced)
{
    private static readonly CidrTrie Google = CidrTrie.Create([.. GoogleFrontEnds.Networks, .. BuiltInRanges.Networks]);
    private static readonly CidrTrie Site = CidrTrie.Create(PeerKinds.Site);

    /// <param name="context">The request.</param>
    /// <param name="layers">What each layer says of it.</param>
    /// <param name="peer">Who it came from, and whether that is only who handed on what somebody else sent, whose address nobody can read.</param>
    /// <param name="published">The network of the ranges that holds the peer.</param>
    /// <param name="isSignedIn">Its assertion is valid. A guard that refuses does not look into it.</param>
    /// <param name="isEnforced">It was refused, and not only reported.</param>
    public static Encounter Of(
        HttpContext context, LayerRecord[] layers, (IPAddress? Address, bool IsInBetween) peer, IPNetwork? published, bool isSignedIn, bool isEnforced)
    {
        var kind = KindOf(layers, peer, isSignedIn);

        // Through the load balancer the agent is that of its clients, and says nothing about the load balancer. A health check has its networks and no secret.
        var agent = kind is CallerKind.LoadBalancer or CallerKind.KnowsSecret or CallerKind.SignedIn ? null : KnownAgents.Find(context.Request.Headers.UserAgent);
        agent = kind is CallerKind.GoogleWithoutSecret && agent != KnownAgents.GoogleHealthCheck ? null : agent;
        return new Encounter(Named(kind, agent), agent, ReasonSet.Of(layers), peer.Address, published, isEnforced);
    }

    /// <summary>What a peer of the exempt may be, of whom no layer has said anything.</summary>
    public static Encounter OfConnection(HttpContext context, IPAddress? peer, RefusalReason reason)
    {
        var agent = KnownAgents.Find(context.Request.Headers.UserAgent);
        return new Encounter(Named(KindOf(peer), agent), agent, ReasonSet.Of([reason]), peer, null, IsEnforced: false);
    }

    private static CallerKind Named(CallerKind kind, string? agent) => kind is CallerKind.Stranger && agent is not null ? CallerKind.NamedAgent : kind;

    private static CallerKind KindOf(LayerRecord[] layers, (IPAddress? Address, bool IsInBetween) peer, bool isSignedIn) =>
        (layers[(int)GuardLayer.SourceAddress].State, layers[(int)GuardLayer.SharedSecret].State) switch
        {
            (LayerState.Admitted or LayerState.Off, LayerState.Admitted) or (LayerState.Admitted, LayerState.Off) => CallerKind.LoadBalancer,
            (LayerState.Admitted, _) => CallerKind.GoogleWithoutSecret,
            (_, LayerState.Admitted) => CallerKind.KnowsSecret,
            _ => (peer.IsInBetween ? CallerKind.Stranger : KindOf(peer.Address)) is not CallerKind.Stranger and var known ? known
                : isSignedIn && layers[(int)GuardLayer.SourceAddress].State is LayerState.NotAdmitted ? CallerKind.SignedIn : CallerKind.Stranger,
        };

    // Without an address it came over a Unix socket.
    private static CallerKind KindOf(IPAddress? peer) =>
        peer is null || IPAddress.IsLoopback(peer) ? CallerKind.ThisMachine
        : Google.Contains(peer) ? CallerKind.GoogleElsewhere
        : Site.Contains(peer) ? CallerKind.OwnNetwork : CallerKind.Stranger;
}
