using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OriginGuard.Ranges;

/// <summary>
/// Who holds the connection. <c>Connection.RemoteIpAddress</c> is only what the last middleware made of it: forwarded headers, switched on by an
/// environment variable, put the caller's own X-Forwarded-For there.
/// </summary>
internal static class PeerAddress
{
    public static IPAddress? Of(HttpContext context)
    {
        // The socket: no middleware can rewrite it. A Unix socket has one and no address, and then nothing else is asked.
        if (context.Features[typeof(IConnectionSocketFeature)] is IConnectionSocketFeature { Socket: { } socket })
        {
            return OfSocket(socket);
        }

        // HTTP/3, IIS, HTTP.sys and the test server show no socket: there the address is what the connection guard saw, or else what was noted before
        // the first middleware ran.
        return context.Features.Get<ConnectionPeer>() is { } stamped ? stamped.Address : context.Features.Get<ArrivalAddress>()?.Address;
    }

    /// <summary>The same of a connection, on which there is no request yet.</summary>
    public static IPAddress? Of(IFeatureCollection connection, EndPoint? remote) => connection.Get<IConnectionSocketFeature>() is { Socket: { } socket }
        ? OfSocket(socket)
        : (remote as IPEndPoint)?.Address;

    private static IPAddress? OfSocket(Socket socket)
    {
        try
        {
            return (socket.RemoteEndPoint as IPEndPoint)?.Address;
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The peer has gone while its request was on the way in: nobody is there to be admitted.
            return null;
        }
    }
}
