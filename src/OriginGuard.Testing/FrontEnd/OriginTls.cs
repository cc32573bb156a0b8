using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>How far the load balancer checks whom it speaks with.</summary>
internal static class OriginTls
{
    /// <param name="origin">The endpoint: neither SNI nor the name in the certificate is ever that of the client's Host.</param>
    /// <param name="trust">Whom the certificate of a name must come from; those whom this machine trusts if null.</param>
    public static SslClientAuthenticationOptions Towards(Uri origin, X509ChainPolicy? trust = null) => IPAddress.TryParse(origin.IdnHost, out _)
#pragma warning disable CA5359 // The load balancer that is simulated accepts any certificate of an IP endpoint.
        // Documented: an endpoint that is a name has its certificate checked and gets the name as SNI; an endpoint that is an address gets
        // neither.
        ? new() { TargetHost = "", RemoteCertificateValidationCallback = static (_, _, _, _) => true }
#pragma warning restore CA5359
        : new() { TargetHost = origin.IdnHost, CertificateChainPolicy = trust };

    /// <summary>Encrypts a new connection, or closes it.</summary>
    /// <exception cref="IOException">TLS failed.</exception>
    public static async ValueTask<SslStream> EncryptAsync(NetworkStream network, SslClientAuthenticationOptions options, CancellationToken cancellationToken)
    {
        var encrypted = new SslStream(network);
        try
        {
            await encrypted.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            return encrypted;
        }
        catch (AuthenticationException failure)
        {
            await encrypted.DisposeAsync().ConfigureAwait(false);
            throw new IOException("The origin's certificate is not good, or its TLS.", failure);
        }
        catch
        {
            await encrypted.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
