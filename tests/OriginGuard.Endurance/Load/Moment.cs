namespace OriginGuard.Endurance.Load;

/// <summary>What is in force. While something changes, the old verdict and the new one are right.</summary>
internal sealed record Moment
{
    /// <summary>The record holds the peer that comes and goes.</summary>
    public bool IsIn { get; init; } = true;

    public bool IsRecordChanging { get; init; }

    public bool IsSignerChanging { get; init; }

    /// <summary>The secret that the load balancer sends.</summary>
    public required string Secret { get; init; }

    /// <summary>A secret that was valid once.</summary>
    public required string Removed { get; init; }

    /// <summary>The assertion that the load balancer sends.</summary>
    public string Assertion { get; init; } = "";
}
