using System.Net;
using OriginGuard.Checks;
using OriginGuard.References;

namespace OriginGuard.Guard;

/// <summary>
/// The record of a request that is being refused. The layers that were not asked say what they can say for next to nothing; none of them parses, verifies, fetches or
/// waits for a caller who is refused anyway.
/// </summary>
internal static class RefusalRecords
{
    private static readonly string Instance = Environment.MachineName;

    /// <summary>What each layer says of the request, those that were not asked at a glance.</summary>
    public static LayerRecord[] LayersOf(GuardedRequest request)
    {
        var layers = new LayerRecord[request.Plan.Layers.Length];
        foreach (var layer in request.Plan.Layers)
        {
            layers[(int)layer.Name] = Of(layer, request);
        }

        return layers;
    }

    /// <summary>
    /// Who sent the request. Where the peer is not known and something was forwarded, whoever holds the connection may be a proxy of the operator's, and anybody may have
    /// written into the header what cannot be read.
    /// </summary>
    public static (IPAddress? Address, bool IsInBetween) PeerOf(GuardedRequest request) =>
        (request.PeerAddress ?? request.ConnectionAddress, request.PeerAddress is null && request.ForwardedFor.Count > 0);

    public static RefusalRecord Of(GuardedRequest request, LayerRecord[] layers, RefusalReason reason, DateTimeOffset now) => new()
    {
        Time = now,
        Reason = reason,
        Layers = layers,
        Peer = PeerOf(request).Address,
        Method = request.Context.Request.Method,
        Path = request.Context.Request.Path.Value ?? "",
        Instance = Instance,
    };

    private static LayerRecord Of(Layer layer, GuardedRequest request)
    {
        var isMild = layer.Mode is LayerMode.ReportOnly;
        return !layer.IsOn ? new LayerRecord(LayerState.Off)
            : (request.SaidBy(layer.Name) ?? layer.Glance(request.Context, request)) is not { } verdict ? new LayerRecord(LayerState.Unverified, IsMild: isMild)
            : verdict.IsAllowed ? new LayerRecord(LayerState.Admitted, IsMild: isMild)
            : new LayerRecord(LayerState.NotAdmitted, verdict.Reason, isMild);
    }
}
