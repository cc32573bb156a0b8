using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OriginGuard.ForeignText;

namespace OriginGuard.Ranges;

/// <summary>
/// Who holds the connection. <c>Connection.RemoteIpAddress</c> is only what the last middleware made of it: forwarded headers, switched on by an
/// environment variable, put the caller's own X-Forwarded-For there.
/// </summary>
internal static class PeerAddress
{
    /// <param name="context">The request.</param>
    /// <param name="isFirst">No middleware has run yet, so what the server says has not been rewritten.</param>
    public static IPAddress? Of(HttpContext context, bool isFirst)
    {
        // The socket: no middleware can rewrite it. A Unix socket has one and no address, and one that is closed has no address any more: then what the connection guard saw, if there
        // is one, and nothing else is asked.
        if (context.Features[typeof(IConnectionSocketFeature)] is IConnectionSocketFeature { Socket: { } socket })
        {
            return OfSocket(socket) ?? Seen(context)?.Address;
        }

        // HTTP/3, IIS, HTTP.sys and the test server show no socket: there the address is what the connection guard saw, or else what the server says.
        return Seen(context) is { } seen ? seen.Address : isFirst ? context.Connection.RemoteIpAddress : null;
    }

    /// <summary>The same of a connection, on which there is no request yet.</summary>
    public static IPAddress? Of(IFeatureCollection connection, EndPoint? remote) => connection.Get<IConnectionSocketFeature>() is { Socket: { } socket }
        ? OfSocket(socket) is { } address ? StrictAddress.Plain(address) : null
        : remote is IPEndPoint end ? StrictAddress.Plain(end.Address) : null;

    /// <summary>What the connection guard saw; null where none has looked.</summary>
    public static ConnectionPeer? Seen(HttpContext context) => context.Features[typeof(ConnectionPeer)] as ConnectionPeer;

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

/// <summary>The peer as the connection guard saw it, before a byte was read. A feature of the connection, which its requests see too.</summary>
internal sealed record ConnectionPeer(IPAddress? Address);
