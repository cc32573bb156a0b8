using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OriginGuard.Dns;

/// <summary>One question to one server over TCP (RFC 7766): each message behind its length in two octets.</summary>
internal static class TcpTransport
{
    private const int FirstBufferLength = 4096;

    /// <exception cref="InvalidDataException">What came back does not answer the question.</exception>
    /// <exception cref="EndOfStreamException">The connection ended before the answer did.</exception>
    public static async Task<byte[]> ExchangeAsync(IPEndPoint server, DnsQuery query, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Frame(query.Message), cancellationToken);

        var answer = await ReadFrameAsync(stream, cancellationToken);
        return query.IsAnsweredBy(answer)
            ? answer
            : throw new InvalidDataException("answered over TCP, and not to the question");
    }

    private static byte[] Frame(byte[] message)
    {
        var frame = new byte[message.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)message.Length);
        message.CopyTo(frame, 2);
        return frame;
    }

    private static async Task<byte[]> ReadFrameAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var prefix = new byte[2];
        await stream.ReadExactlyAsync(prefix, cancellationToken);
        int length = BinaryPrimitives.ReadUInt16BigEndian(prefix);

        // The buffer grows with what has arrived, not with what the length promises.
        var buffer = new byte[Math.Min(length, FirstBufferLength)];
        var read = 0;
        while (true)
        {
            await stream.ReadExactlyAsync(buffer.AsMemory(read), cancellationToken);
            read = buffer.Length;
            if (read == length)
            {
                return buffer;
            }

            Array.Resize(ref buffer, Math.Min(length, read * 2));
        }
    }
}
