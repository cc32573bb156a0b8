using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace OriginGuard.ClientAddress;

/// <summary>Reads the client behind the load balancer, and puts it where the application looks for it.</summary>
internal sealed class ClientAddressResolver(bool restore, int position)
{
    public IPAddress? Resolve(StringValues forwardedFor) =>
        ForwardedForReader.TryGetEntry(forwardedFor, position, out var entry) && StrictAddress.TryParse(entry, out var address) ? address : null;

    /// <summary>Only for a request that was admitted: until then its headers are the caller's word.</summary>
    public void Restore(HttpContext context, StringValues forwardedFor)
    {
        if (!restore)
        {
            return;
        }

        if (Resolve(forwardedFor) is { } client)
        {
            context.Connection.RemoteIpAddress = client;
            context.Connection.RemotePort = 0;
        }

        // The load balancer's own value is the last one.
        var lines = context.Request.Headers["X-Forwarded-Proto"];
        if (ForwardedForReader.TryGetEntry(lines, 1, out var scheme))
        {
            context.Request.Scheme = scheme.Equals("https", StringComparison.OrdinalIgnoreCase) ? "https"
                : scheme.Equals("http", StringComparison.OrdinalIgnoreCase) ? "http"
                : context.Request.Scheme;
        }
    }
}
