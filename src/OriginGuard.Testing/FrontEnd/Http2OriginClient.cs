using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>
/// Speaks HTTP/2 with the origin, through <see cref="HttpClient"/>'s handler: lines of one name are joined by a comma and a blank.
/// </summary>
internal sealed class Http2OriginClient : IOriginClient
{
    private readonly Uri _origin;
    private readonly HttpMessageInvoker _invoker;

    public Http2OriginClient(Uri origin, OriginConnector connector, X509ChainPolicy? trust = null)
    {
        _origin = origin;
        var handler = OriginHandler.Create(origin, connector, trust);
        handler.ActivityHeadersPropagator = null;
        handler.AutomaticDecompression = DecompressionMethods.None;
        handler.EnableMultipleHttp2Connections = true;
        handler.RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1;
        handler.ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1;
        _invoker = new HttpMessageInvoker(handler);
    }

    /// <summary>Documented: WebSockets pass with HTTP and HTTPS backends.</summary>
    public bool CanUpgrade => false;

    public async Task<OriginAnswer> SendAsync(OriginRequest request, CancellationToken cancellationToken)
    {
        using var message = CreateMessage(request);
        try
        {
            return new Http2Answer(await _invoker.SendAsync(message, cancellationToken).ConfigureAwait(false));
        }
        catch (HttpRequestException exception)
        {
            throw new IOException("The origin cannot be reached over HTTP/2.", exception);
        }
    }

    public ValueTask DisposeAsync()
    {
        _invoker.Dispose();
        return ValueTask.CompletedTask;
    }

    private HttpRequestMessage CreateMessage(OriginRequest request)
    {
        var asWritten = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var uri = new Uri(_origin.GetLeftPart(UriPartial.Authority) + request.Target, asWritten);
        var message = new HttpRequestMessage(new HttpMethod(request.Method), uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = request.Body is null ? null : new Http2RequestBody(request.Body),
        };
        foreach (var (name, value) in request.Lines)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content ??= new Http2RequestBody(null);
                message.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }
}
