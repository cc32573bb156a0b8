namespace OriginGuard.Benchmarks.Ranges;

public enum NetworkTable
{
    /// <summary>The two networks that the real record holds.</summary>
    RealRecord,

    /// <summary>1,000 networks of each family.</summary>
    Thousand,

    /// <summary>900,000 IPv4 networks.</summary>
    FullIpv4,

    /// <summary>160,000 IPv6 networks.</summary>
    FullIpv6,

    /// <summary>Both.</summary>
    Full,
}
