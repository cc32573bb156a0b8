using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OriginGuard.Sample.Attempts;

/// <summary>Sends a request to the letter, as attackers do: an HTTP client would refuse or tidy half of them.</summary>
internal static class RawClient
{
    private const int LongestAnswer = 64 * 1024;

    public static async Task<RawAnswer> SendAsync(IPAddress from, IPEndPoint to, string request, CancellationToken cancellationToken)
    {
        using var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(to, cancellationToken);
        await socket.SendAsync(Encoding.Latin1.GetBytes(request), cancellationToken);

        var buffer = new byte[LongestAnswer];
        var length = 0;
        while (length < buffer.Length && await ReceiveAsync(socket, buffer.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            length += read;
        }

        return new RawAnswer(Encoding.UTF8.GetString(buffer, 0, length));
    }

    private static async ValueTask<int> ReceiveAsync(Socket socket, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, cancellationToken);
        }
        catch (SocketException)
        {
            // Rejection:Abort drops the connection: an answer without a status.
            return 0;
        }
    }
}
