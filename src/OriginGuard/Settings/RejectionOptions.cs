namespace OriginGuard;

/// <summary>How a request that is not admitted is answered: section <c>OriginGuard:Rejection</c>.</summary>
public sealed class RejectionOptions
{
    /// <summary>The status of a refused request. 403 by default; 400 to 499. An undetermined one always answers 503.</summary>
    public int StatusCode { get; set; } = 403;

    /// <summary>
    /// Puts the reason code into the problem details. False by default, but true in the Development environment: a reason helps who configures
    /// the load balancer, and who attacks the origin.
    /// </summary>
    public bool? IncludeReason { get; set; }

    /// <summary>Drops the connection of a refused request instead of answering it. False by default.</summary>
    public bool Abort { get; set; }
}
