using System.Net;

namespace OriginGuard.References;

/// <summary>One request that was not admitted, as a reference keeps it for the operator. No header value, no query.</summary>
internal sealed class RefusalRecord
{
    public required DateTimeOffset Time { get; init; }

    /// <summary>The reason that decided.</summary>
    public required RefusalReason Reason { get; init; }

    /// <summary>The layers, in their order.</summary>
    public required IReadOnlyList<LayerRecord> Layers { get; init; }

    public required IPAddress? Peer { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    /// <summary>The machine that refused; of a long name its end, by which instances differ.</summary>
    public required string Instance { get; init; }

    public LayerRecord this[GuardLayer layer] => Layers[(int)layer];
}
