using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>The handler of <see cref="HttpClient"/>, whose connections all go to one origin, whatever host a request names.</summary>
internal static class OriginHandler
{
    /// <param name="origin">The origin. Where it says <c>https</c>, the connections are encrypted.</param>
    /// <param name="connector">What opens the connections.</param>
    /// <param name="trust">As for <see cref="OriginTls.Towards"/>.</param>
    public static SocketsHttpHandler Create(Uri origin, OriginConnector connector, X509ChainPolicy? trust = null) => new()
    {
        AllowAutoRedirect = false,

        // The handler takes SNI and the name in the certificate from the Host header. A stream that is encrypted already, it leaves as it is.
        ConnectCallback = (context, cancellationToken) => ConnectAsync(origin, connector, trust, context.InitialRequestMessage, cancellationToken),
        UseCookies = false,
        UseProxy = false,
    };

    private static async ValueTask<Stream> ConnectAsync(
        Uri origin, OriginConnector connector, X509ChainPolicy? trust, HttpRequestMessage first, CancellationToken cancellationToken)
    {
        var network = await connector.ConnectAsync(cancellationToken).ConfigureAwait(false);
        if (origin.Scheme is not "https")
        {
            return network;
        }

        var options = OriginTls.Towards(origin, trust);
        options.ApplicationProtocols = ProtocolsFor(first);
        return await OriginTls.EncryptAsync(network, options, cancellationToken).ConfigureAwait(false);
    }

    // What the handler itself would offer.
    private static List<SslApplicationProtocol> ProtocolsFor(HttpRequestMessage request) => (request.Version.Major >= 2, request.VersionPolicy) switch
    {
        (true, not HttpVersionPolicy.RequestVersionOrLower) => [SslApplicationProtocol.Http2],
        (true, _) or (_, HttpVersionPolicy.RequestVersionOrHigher) => [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        _ => [SslApplicationProtocol.Http11],
    };
}
