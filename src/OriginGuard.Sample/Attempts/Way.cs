namespace OriginGuard.Sample.Attempts;

/// <summary>Which way a request takes.</summary>
internal enum Way
{
    /// <summary>From a client of its own to the load balancer.</summary>
    ThroughLoadBalancer,

    /// <summary>From a client of its own straight to the origin.</summary>
    Around,

    /// <summary>Straight to the origin, from the address that the load balancer has: another customer of the same load balancer.</summary>
    FromItsAddress,
}
