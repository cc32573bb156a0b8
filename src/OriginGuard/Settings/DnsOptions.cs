namespace OriginGuard;

/// <summary>How TXT records are resolved: section <c>OriginGuard:Dns</c>.</summary>
public sealed class DnsOptions
{
    /// <summary>
    /// DNS servers as <c>address</c> or <c>address:port</c> (an IPv6 address with a port in brackets), port 53 by default. Empty, the
    /// default: the system's resolvers.
    /// </summary>
    public string[] Servers { get; set; } = [];

    /// <summary>
    /// DNS over HTTPS (RFC 8484), for example <c>https://dns.google/dns-query</c>; replaces <see cref="Servers"/>. None by default.
    /// Plain http is accepted towards loopback only.
    /// </summary>
    public Uri? HttpsEndpoint { get; set; }

    /// <summary>How long one attempt waits for its answer. Two seconds by default; more than zero, at most a minute.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many attempts one resolution makes before it fails; they go round the servers, and each server is asked at least once. 3 by default; 1 to 20.</summary>
    public int Attempts { get; set; } = 3;
}
