using System.Net;
using System.Net.Security;
using System.Text;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>Speaks HTTP with the origin: pooled connections for ordinary requests, a connection of its own for each upgrade.</summary>
internal sealed class OriginClient : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ContinueTimeout = TimeSpan.FromSeconds(30);

    private readonly Uri _origin;
    private readonly bool _isHttp2;
    private readonly HttpMessageInvoker _pooled;
    private readonly HttpMessageInvoker _upgrading;

    public OriginClient(Uri origin, BackendProtocol protocol, OriginConnector connector)
    {
        _origin = origin;
        _isHttp2 = protocol is BackendProtocol.Http2;
        _pooled = new HttpMessageInvoker(CreateHandler(connector, Timeout.InfiniteTimeSpan));
        _upgrading = new HttpMessageInvoker(CreateHandler(connector, TimeSpan.Zero));
    }

    /// <summary>Whether WebSockets can pass. Documented: with HTTP and HTTPS backends.</summary>
    public bool CanUpgrade => !_isHttp2;

    /// <param name="method">The client's method.</param>
    /// <param name="target">The client's path and query, to the letter: no escape and no dot segment is touched.</param>
    /// <param name="lines">The header lines for the origin. Over HTTP/2 lines of one name are joined by a comma and a blank.</param>
    /// <param name="body">The client's body, or null.</param>
    public HttpRequestMessage CreateRequest(
        string method, string target, IReadOnlyList<KeyValuePair<string, string>> lines, HttpContent? body)
    {
        var asWritten = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_origin.GetLeftPart(UriPartial.Authority) + target, asWritten))
        {
            Version = _isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };
        if (_isHttp2)
        {
            AddFields(request, lines);
        }
        else
        {
            RequestHead.Pack(request, lines);
            request.Headers.ExpectContinue = body is not null && lines.Any(
                line => line.Key.Equals("Expect", StringComparison.OrdinalIgnoreCase)
                    && line.Value.Equals("100-continue", StringComparison.OrdinalIgnoreCase));
        }

        return request;
    }

    /// <summary>Sends a request and returns as soon as the origin's headers are there.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        (request.Headers.Upgrade.Count > 0 ? _upgrading : _pooled).SendAsync(request, cancellationToken);

    public void Dispose()
    {
        _pooled.Dispose();
        _upgrading.Dispose();
    }

    private static void AddFields(HttpRequestMessage request, IReadOnlyList<KeyValuePair<string, string>> lines)
    {
        foreach (var (name, value) in lines)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content ??= new ForwardedBody(Stream.Null);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    private SocketsHttpHandler CreateHandler(OriginConnector connector, TimeSpan lifetime)
    {
        var handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = (_, cancellationToken) => connector.ConnectAsync(cancellationToken),
            ConnectTimeout = ConnectTimeout,
            Expect100ContinueTimeout = ContinueTimeout,
            PooledConnectionLifetime = lifetime,
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            SslOptions = TlsTowards(_origin),
            UseCookies = false,
            UseProxy = false,
        };
        if (!_isHttp2)
        {
            handler.PlaintextStreamFilter = static (context, _) => ValueTask.FromResult<Stream>(new RewritingStream(context.PlaintextStream));
        }

        return handler;
    }

    // Documented: an endpoint that is a name has its certificate checked and gets the name as SNI; an endpoint that is an address gets neither.
    private static SslClientAuthenticationOptions TlsTowards(Uri origin) => IPAddress.TryParse(origin.IdnHost, out _)
#pragma warning disable CA5359 // The load balancer that is simulated accepts any certificate of an IP endpoint.
        ? new() { TargetHost = "", RemoteCertificateValidationCallback = static (_, _, _, _) => true }
#pragma warning restore CA5359
        : new() { TargetHost = origin.IdnHost };
}
