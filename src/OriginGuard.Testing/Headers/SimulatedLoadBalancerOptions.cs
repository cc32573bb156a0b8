using System.Net;

namespace OriginGuard.Testing;

/// <summary>How the simulated load balancer is configured, and from where it is seen to act. Every setting has a working default.</summary>
public sealed class SimulatedLoadBalancerOptions
{
    /// <summary>Which load balancer it is. <see cref="LoadBalancerKind.Global"/> by default.</summary>
    public LoadBalancerKind Kind { get; set; }

    /// <summary>The protocol of the backend service. <see cref="BackendProtocol.Http"/> by default.</summary>
    public BackendProtocol Protocol { get; set; }

    /// <summary>
    /// How a global or classic load balancer spells names over HTTP/1.1. <see cref="HeaderSpelling.Proper"/> by default. Over HTTP/2, and from a regional load balancer,
    /// they are always lower case.
    /// </summary>
    public HeaderSpelling Spelling { get; set; }

    /// <summary>
    /// The custom request headers, among them the shared secret. Empty by default. Documented: health probes do not carry them.
    /// </summary>
    public IReadOnlyList<CustomRequestHeader> CustomRequestHeaders { get; set; } = [];

    /// <summary>
    /// Whether repeated lines of a field that nobody registered become one line. False by default. Google does not say what happens to
    /// them: an origin should give the same answer both ways, and its tests should try both. A regional load balancer never merges.
    /// </summary>
    public bool MergeUnknownHeaders { get; set; }

    /// <summary>
    /// The client's address as the load balancer sees it. Null by default: the true peer of a listening load balancer, and
    /// <c>203.0.113.7</c> in front of a test server.
    /// </summary>
    public IPAddress? ClientAddress { get; set; }

    /// <summary>The address of the forwarding rule, the last entry of <c>X-Forwarded-For</c>. <c>198.51.100.1</c> by default.</summary>
    public IPAddress ForwardingRuleAddress { get; set; } = new([198, 51, 100, 1]);

    /// <summary>
    /// The address that the origin sees as its peer. Null by default: <c>34.96.0.1</c>, from Google's documented ranges, in front of a test
    /// server. A regional load balancer needs one there: it leaves by your own Cloud NAT (documented). A listening load balancer connects from <c>127.0.0.2</c>, or from <c>::1</c> where that address cannot be bound (macOS,
    /// Windows); an address given here must be one that the machine can bind.
    /// </summary>
    public IPAddress? SourceAddress { get; set; }

    /// <summary>
    /// Makes the assertion of Identity-Aware Proxy for a request, good or bad as the test wants it; a null result sends none. Null by
    /// default: IAP is off, and <c>X-Goog-*</c> headers of the client pass unhindered, since Google documents their removal only with IAP
    /// on. The argument is what the client asked for, with its query. Beside an assertion that is a JWT go the unsigned headers
    /// <c>X-Goog-Authenticated-User-Email</c> and <c>-ID</c> with its <c>email</c> and <c>sub</c>. It is not asked for a CORS preflight: IAP lets that
    /// through without an assertion where <c>allowHttpOptions</c> is on (documented), as it always is here. What it throws comes out of the client of a test server; a
    /// listening load balancer answers 500 with it, and throws it when it is disposed. A text with a control character counts as thrown.
    /// </summary>
    public Func<Uri, string?>? IapAssertion { get; set; }

    /// <summary>Where a listening load balancer forwards to, for example <c>http://127.0.0.1:8080</c>. It needs no other setting.</summary>
    public Uri? Origin { get; set; }

    /// <summary>The loopback port on which a listening load balancer accepts clients. 0 by default: any free one.</summary>
    public int Port { get; set; }
}
