using System.Net;
using System.Net.Security;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>How far the load balancer checks whom it speaks with.</summary>
internal static class OriginTls
{
    // Documented: an endpoint that is a name has its certificate checked and gets the name as SNI; an endpoint that is an address gets
    // neither.
    public static SslClientAuthenticationOptions Towards(Uri origin) => IPAddress.TryParse(origin.IdnHost, out _)
#pragma warning disable CA5359 // The load balancer that is simulated accepts any certificate of an IP endpoint.
        ? new() { TargetHost = "", RemoteCertificateValidationCallback = static (_, _, _, _) => true }
#pragma warning restore CA5359
        : new() { TargetHost = origin.IdnHost };
}
