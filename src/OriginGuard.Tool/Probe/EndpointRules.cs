using System.Net;
using System.Net.Sockets;
using OriginGuard.Networks;

namespace OriginGuard.Tool.Probe;

/// <summary>What the load balancer asks of an endpoint, as Google documents it for global Internet NEGs.</summary>
internal static class EndpointRules
{
    /// <summary>More than servers take by themselves (Kestrel 32 KiB), and less than the load balancer passes (60 KiB, documented).</summary>
    public const int LargeHeaders = 40 * 1024;

    public static ProbeFinding Address(IReadOnlyList<IPAddress> addresses, bool isNamed)
    {
        var source = isNamed ? "the first IPv4 answer of this machine's resolver" : "the endpoint";
        if (addresses.FirstOrDefault(static address => address.AddressFamily is AddressFamily.InterNetwork) is not { } first)
        {
            return new ProbeFinding("address", false, "there is no IPv4 address, and the load balancer needs a public one");
        }

        var further = addresses.Count > 1 ? $"; the load balancer tries one address only, and there are {addresses.Count}" : "";
        return SpecialPurposeNetworks.Describe(new IPNetwork(first, 32)) is { } special
            ? new ProbeFinding("address", false, $"{source}, {first}, is not public: {special}{further}")
            : new ProbeFinding("address", true, $"{source}, {first}, is public{further}");
    }

    /// <param name="large">A request with as many octets of headers.</param>
    /// <param name="small">The same one without them.</param>
    public static ProbeFinding RequestHeaders(ProbeAttempt large, ProbeAttempt small) => large.Status == small.Status
        ? new ProbeFinding("request headers", true, $"{LargeHeaders / 1024} KiB of them are answered as a few are")
        : new ProbeFinding(
            "request headers",
            false,
            $"{LargeHeaders / 1024} KiB of them, which the load balancer passes, get {(large.Status is { } status ? $"{status}" : "no answer")} before the guard sees them: raise the "
            + "server's limit, Limits.MaxRequestHeadersTotalSize of Kestrel, to 64 KiB");

    public static ProbeFinding Protocol(Uri url) => url.Scheme == Uri.UriSchemeHttps
        ? new ProbeFinding("protocol", true, "https")
        : new ProbeFinding("protocol", false, "plain http: the secret header would cross the internet readable");
}
