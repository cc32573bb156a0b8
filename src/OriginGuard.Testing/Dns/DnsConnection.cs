using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OriginGuard.Testing.Dns;

/// <summary>One TCP connection, which whoever accepted it closes: question after question, each message behind its length (RFC 7766).</summary>
internal sealed class DnsConnection(Socket socket, DnsResponder responder)
{
    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        socket.NoDelay = true;
        var stream = new NetworkStream(socket, ownsSocket: false);
        await using (stream.ConfigureAwait(false))
        {
            try
            {
                while (await ServeOneAsync(stream, cancellationToken).ConfigureAwait(false))
                {
                }
            }
            catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException)
            {
                // The client hung up, or the server stops.
            }
        }
    }

    private async Task<bool> ServeOneAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var prefix = new byte[2];
        await stream.ReadExactlyAsync(prefix, cancellationToken).ConfigureAwait(false);
        var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
        await stream.ReadExactlyAsync(query, cancellationToken).ConfigureAwait(false);
        foreach (var reply in responder.Respond(query, overTcp: true, (IPEndPoint)socket.RemoteEndPoint!))
        {
            if (reply.Message.Length > 0)
            {
                await SendAsync(stream, Frame(reply.Message), reply.Pace, cancellationToken).ConfigureAwait(false);
            }

            if (reply.Pace is DnsReplyPace.Close)
            {
                return false;
            }
        }

        return true;
    }

    private static byte[] Frame(byte[] message)
    {
        var frame = new byte[message.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)message.Length);
        message.CopyTo(frame, 2);
        return frame;
    }

    private static async Task SendAsync(NetworkStream stream, byte[] frame, DnsReplyPace pace, CancellationToken cancellationToken)
    {
        if (pace is DnsReplyPace.Dribble)
        {
            for (var i = 0; i < frame.Length; i++)
            {
                await stream.WriteAsync(frame.AsMemory(i, 1), cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        var length = pace is DnsReplyPace.AtOnce ? frame.Length : frame.Length / 2;
        await stream.WriteAsync(frame.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
    }
}
