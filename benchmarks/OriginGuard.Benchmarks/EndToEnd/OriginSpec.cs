namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>One origin to start in a process of its own.</summary>
internal sealed record OriginSpec
{
    /// <summary>In the networks that an origin admits; where a stranger is wanted, the load comes from <see cref="Stranger"/>.</summary>
    public const string Friend = "127.0.0.1";

    public const string Stranger = "127.0.0.2";

    /// <summary>How many networks the guard holds; 0 is no guard at all.</summary>
    public int Networks { get; init; }

    /// <summary>How many secrets the guard holds; 0 is no such layer.</summary>
    public int Secrets { get; init; }

    /// <summary>Where the keys of the IAP assertions are; null is no such layer.</summary>
    public Uri? KeysUri { get; init; }

    /// <summary>Refuses on the connection, too.</summary>
    public bool GuardsConnections { get; init; }

    public bool IsTls { get; init; }

    /// <summary>What the application answers.</summary>
    public int StatusCode { get; init; } = 200;
}
