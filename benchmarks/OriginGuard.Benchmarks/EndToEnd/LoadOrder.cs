namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>One round of load on one origin.</summary>
internal sealed record LoadOrder
{
    public required int Port { get; init; }

    public required double Seconds { get; init; }

    public required string Request { get; init; }

    /// <summary>The connections come from these in turn.</summary>
    public required IReadOnlyList<LoadSource> Sources { get; init; }

    public int Connections { get; init; } = 16;

    /// <summary>Requests that are sent at once on each connection.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>Connections are the load: each with a TLS handshake of its own and one request.</summary>
    public bool IsConnectionLoad { get; init; }
}
