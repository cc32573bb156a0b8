namespace OriginGuard.Arming;

/// <summary>Who somebody most likely is that the guard does not admit, by what is hardest to forge.</summary>
internal enum CallerKind
{
    /// <summary>Inside the ranges with a right secret: a later layer does not admit it.</summary>
    LoadBalancer,

    /// <summary>Outside the ranges with a right secret.</summary>
    KnowsSecret,

    /// <summary>Outside the ranges with a valid assertion, and nothing else speaks for it.</summary>
    SignedIn,

    /// <summary>Inside the ranges without a right secret.</summary>
    GoogleWithoutSecret,

    /// <summary>In networks that Google documents for another platform than the configured one.</summary>
    GoogleElsewhere,

    /// <summary>A loopback address, or no address at all.</summary>
    ThisMachine,

    /// <summary>A private or link-local address.</summary>
    OwnNetwork,

    /// <summary>Its user agent is that of a well-known monitor. Anybody can say so.</summary>
    NamedAgent,

    Stranger,
}
