namespace OriginGuard.Testing;

/// <summary>Which of Google's external Application Load Balancers is simulated.</summary>
public enum LoadBalancerKind
{
    /// <summary>The global external Application Load Balancer, which runs on Google Front Ends.</summary>
    Global,

    /// <summary>The classic Application Load Balancer. Towards an Internet NEG it is documented together with the global one.</summary>
    Classic,

    /// <summary>
    /// The regional external Application Load Balancer, which runs on Envoy. Documented: no special treatment of headers for Internet NEGs,
    /// <c>Host</c> cannot be a custom header, and its connections come from your own Cloud NAT: in front of a test server, set
    /// <see cref="SimulatedLoadBalancerOptions.SourceAddress"/>. Inferred from Envoy: lines stay apart, and names arrive in lower case.
    /// </summary>
    Regional,
}
