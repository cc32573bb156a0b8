namespace OriginGuard.Benchmarks.ClientAddress;

public enum ForwardedForHeader
{
    /// <summary>What the load balancer sends for an ordinary client.</summary>
    Usual,

    /// <summary>8 KiB of commas before it: thousands of empty entries.</summary>
    ManyEntries,

    /// <summary>8 KiB without a comma before it: one entry.</summary>
    LongEntry,
}
