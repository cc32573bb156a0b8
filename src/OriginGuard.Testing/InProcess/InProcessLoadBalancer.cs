using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Primitives;
using OriginGuard.Testing.Headers;

namespace OriginGuard.Testing.InProcess;

/// <summary>Hands a request to a test server as the load balancer would: with its headers, from its source address.</summary>
internal sealed class InProcessLoadBalancer(TestServer server, SimulatedLoadBalancerOptions options) : HttpMessageHandler
{
    private static readonly IPAddress DefaultClient = new([203, 0, 113, 7]);
    private static readonly IPAddress DefaultSource = new([34, 96, 0, 1]);

    private readonly HeaderNormalizer _normalizer = new(options);
    private readonly IPAddress _client = options.ClientAddress ?? DefaultClient;
    private readonly IPAddress _source = SourceOf(options);
    private readonly LoadBalancerKind _kind = options.Kind;
    private readonly BackendProtocol _protocol = options.Protocol;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = new Uri(server.BaseAddress, request.RequestUri ?? server.BaseAddress);
        request.RequestUri = uri; // as HttpClient does; the server's handler takes no other
        KeyValuePair<string, string>[] sent = [.. ClientLines.Of(request, uri)];
        if (RequestSize.Complaint(_kind, uri.PathAndQuery, sent) is { } complaint)
        {
            return new HttpResponseMessage(HttpStatusCode.RequestHeaderFieldsTooLarge) { Content = new StringContent(complaint), RequestMessage = request };
        }

        var lines = _normalizer.Normalize(sent, uri, _client, request.Method.Method);

        // The server's handler has copied the client's headers when it calls back: they give way to the load balancer's.
        using var origin = new HttpMessageInvoker(server.CreateHandler(context => Arrive(context, lines)), disposeHandler: false);
        return await origin.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    // Documented: a regional load balancer leaves by the customer's own Cloud NAT. No address of Google's is right for it.
    private static IPAddress SourceOf(SimulatedLoadBalancerOptions options) =>
        options is { Kind: LoadBalancerKind.Regional, SourceAddress: null }
            ? throw new ArgumentException("A regional load balancer connects from your Cloud NAT address: set SourceAddress to it.", nameof(options))
            : options.SourceAddress ?? DefaultSource;

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
