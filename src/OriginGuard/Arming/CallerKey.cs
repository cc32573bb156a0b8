using System.Net;
using OriginGuard.Networks;

namespace OriginGuard.Arming;

/// <summary>What tells callers apart: everything that an operator needs to find one, and nothing by which a person could be found.</summary>
/// <param name="Kind">Who it most likely is.</param>
/// <param name="Agent">Which of the known monitors it says it is.</param>
/// <param name="Reasons">What the layers said.</param>
/// <param name="Network">Where it calls from; null for this machine.</param>
/// <param name="Route">The pattern of the endpoint, without the values in it; null where there is none.</param>
internal readonly record struct CallerKey(CallerKind Kind, string? Agent, ReasonSet Reasons, IPNetwork? Network, string? Route)
{
    public static CallerKey Of(in Encounter met, string? route) => new(
        met.Kind, met.Agent, met.Reasons.OfCaller(), met.Kind is CallerKind.ThisMachine || met.Peer is null ? null : PeerNetwork.Of(met.Peer, met.Published), route);
}
