using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Primitives;

namespace OriginGuard.Testing.InProcess;

/// <summary>Hands a request to a test server as the load balancer would: with its headers, from its source address.</summary>
internal sealed class InProcessLoadBalancer(TestServer server, SimulatedLoadBalancerOptions options) : HttpMessageHandler
{
    private static readonly IPAddress DefaultClient = new([203, 0, 113, 7]);
    private static readonly IPAddress DefaultSource = new([34, 96, 0, 1]);

    private readonly HeaderNormalizer _normalizer = new(options);
    private readonly IPAddress _client = options.ClientAddress ?? DefaultClient;
    private readonly IPAddress _source = options.SourceAddress ?? DefaultSource;
    private readonly BackendProtocol _protocol = options.Protocol;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = new Uri(server.BaseAddress, request.RequestUri ?? server.BaseAddress);
        var lines = _normalizer.Normalize(ClientLines.Of(request, uri), uri, _client);

        // The server's handler has copied the client's headers when it calls back: they give way to the load balancer's.
        using var origin = new HttpMessageInvoker(server.CreateHandler(context => Arrive(context, lines)), disposeHandler: false);
        return await origin.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private void Arrive(HttpContext context, IReadOnlyList<KeyValuePair<string, string>> lines)
    {
        context.Connection.RemoteIpAddress = _source;
        context.Request.Scheme = _protocol is BackendProtocol.Http ? "http" : "https";
        context.Request.Protocol = _protocol is BackendProtocol.Http2 ? HttpProtocol.Http2 : HttpProtocol.Http11;
        context.Request.Headers.Clear();
        foreach (var (name, value) in lines)
        {
            context.Request.Headers[name] = StringValues.Concat(context.Request.Headers[name], value);
        }
    }
}
