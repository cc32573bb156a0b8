namespace OriginGuard;

/// <summary>The layers of the guard, in the order in which they are asked: cheapest first.</summary>
public enum GuardLayer
{
    /// <summary>No guarded header comes in disguise. On with every layer that reads a header.</summary>
    Headers,

    /// <summary>The peer lies in the load balancer's ranges: <see cref="OriginGuardOptions.SourceAddress"/>.</summary>
    SourceAddress,

    /// <summary>The request carries a secret that the load balancer added: <see cref="OriginGuardOptions.SharedSecret"/>.</summary>
    SharedSecret,

    /// <summary>The request carries an assertion that Identity-Aware Proxy signed: <see cref="OriginGuardOptions.Iap"/>.</summary>
    Iap,
}
