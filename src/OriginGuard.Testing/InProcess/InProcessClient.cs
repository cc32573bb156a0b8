using System.Net;
using Microsoft.AspNetCore.TestHost;

namespace OriginGuard.Testing.InProcess;

/// <summary>Hands a request to a test server as somebody would who connects by himself: from his address, to the port that he names.</summary>
internal sealed class InProcessClient(TestServer server, IPAddress peer) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // That of the address, which a client has made whole, and not of the Host header, in which anybody writes what he likes.
        var port = request.RequestUri!.Port;
        using var origin = new HttpMessageInvoker(
            server.CreateHandler(context => (context.Connection.RemoteIpAddress, context.Connection.LocalPort) = (peer, port)), disposeHandler: false);
        return await origin.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
