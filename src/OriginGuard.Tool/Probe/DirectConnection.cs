using System.Net;
using System.Net.Sockets;

namespace OriginGuard.Tool.Probe;

/// <summary>A connection to one address, past every proxy.</summary>
internal static class DirectConnection
{
    public static async Task<Stream> OpenAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
