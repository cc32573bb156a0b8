namespace OriginGuard.Testing;

/// <summary>The protocol of the backend service: what the load balancer speaks with the origin.</summary>
public enum BackendProtocol
{
    /// <summary>HTTP/1.1 without TLS.</summary>
    Http,

    /// <summary>
    /// HTTP/1.1 over TLS. Documented: the certificate of an endpoint that is a name is checked, the one of an endpoint that is an address
    /// is not.
    /// </summary>
    Https,

    /// <summary>
    /// HTTP/2: over TLS as Google speaks it, or, where the origin's address says <c>http</c>, without TLS and with prior knowledge, which
    /// Google does not list for Internet NEGs. A listening simulator joins lines of one name by a comma and a blank here, which is the way of
    /// .NET's client and not Google's; in front of a test server they stay apart.
    /// </summary>
    Http2,
}
