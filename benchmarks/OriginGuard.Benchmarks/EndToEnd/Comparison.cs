namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>What is compared with one reference, under one kind of load.</summary>
internal sealed record Comparison(string Suite, Side Reference, params Subject[] Subjects)
{
    /// <summary>How often all origins are started anew: two processes of one program are never quite alike.</summary>
    public int Starts { get; init; } = 2;

    /// <summary>Rounds of each origin after each start.</summary>
    public int Rounds { get; init; } = 20;

    public int Depth { get; init; } = 1;

    public bool IsConnectionLoad { get; init; }

    /// <summary>Header lines of the request, each with its end.</summary>
    public string Header { get; init; } = "";
}
