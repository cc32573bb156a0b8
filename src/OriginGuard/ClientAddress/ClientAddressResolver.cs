using System.Net;
using Microsoft.Extensions.Primitives;
using OriginGuard.ForeignText;

namespace OriginGuard.ClientAddress;

/// <summary>Reads the client behind the load balancer out of what the load balancer wrote.</summary>
internal sealed class ClientAddressResolver(int position)
{
    public IPAddress? Resolve(StringValues forwardedFor) =>
        ForwardedForReader.TryGetEntry(forwardedFor, position, out var entry) && StrictAddress.TryParse(entry, out var address) && !IsNobody(address!) ? StrictAddress.Plain(address!) : null;

    /// <summary>The scheme that the client spoke to the load balancer: its own entry is the last one. Null where it is neither http nor https.</summary>
    public static string? Scheme(StringValues forwardedProto) =>
        !ForwardedForReader.TryGetEntry(forwardedProto, 1, out var scheme) ? null
        : scheme.Equals("https", StringComparison.OrdinalIgnoreCase) ? "https"
        : scheme.Equals("http", StringComparison.OrdinalIgnoreCase) ? "http"
        : null;

    // The unspecified address (RFC 4291, section 2.5.2) stands for "none": nobody can have it.
    private static bool IsNobody(IPAddress address) => StrictAddress.Plain(address).Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
