namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>A subject and what it is compared with, under one kind of load.</summary>
internal sealed record Comparison(string Suite, string Name, int Size, Side Reference, Side Subject)
{
    /// <summary>How often both origins are started anew: two processes of one program are never quite alike.</summary>
    public int Starts { get; init; } = 1;

    public int Rounds { get; init; } = 20;

    public int Depth { get; init; } = 1;

    public bool IsConnectionLoad { get; init; }

    /// <summary>A header line of the request, with its end.</summary>
    public string Header { get; init; } = "";
}
