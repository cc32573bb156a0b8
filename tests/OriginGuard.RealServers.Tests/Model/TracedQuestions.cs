namespace OriginGuard.RealServers.Tests.Model;

/// <summary>How often DNS was asked for a record, and what it said each time; more failures than a few change nothing more.</summary>
internal readonly record struct TracedQuestions(int Asked, DnsSays Said)
{
    public int Count => Math.Min(Asked, 3);

    /// <summary>The model's number for what DNS said.</summary>
    public int Network => Said switch
    {
        DnsSays.Some => 2,
        DnsSays.Private => 4,
        _ => 0,
    };
}
