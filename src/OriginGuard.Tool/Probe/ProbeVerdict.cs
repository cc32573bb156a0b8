namespace OriginGuard.Tool.Probe;

/// <summary>What became of an attempt to reach the origin around the load balancer, the worst last.</summary>
internal enum ProbeVerdict
{
    /// <summary>No connection, or one that ended without an answer.</summary>
    Closed,

    /// <summary>The guard's own answer, or a status that the operator has named.</summary>
    Refused,

    /// <summary>Neither yes nor no, and so never counted as good.</summary>
    Unknown,

    /// <summary>Something behind the door answered.</summary>
    Answered,
}
