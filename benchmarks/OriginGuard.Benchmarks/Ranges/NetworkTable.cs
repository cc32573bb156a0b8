namespace OriginGuard.Benchmarks.Ranges;

public enum NetworkTable
{
    /// <summary>The two networks that the real record holds.</summary>
    RealRecord,

    /// <summary>1,000 networks of each family.</summary>
    Thousand,

    /// <summary>900,000 IPv4 and 160,000 IPv6 networks.</summary>
    Full,
}
