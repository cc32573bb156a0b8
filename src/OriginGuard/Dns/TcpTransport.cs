using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OriginGuard.Dns;

/// <summary>
/// One question to one server over TCP (RFC 7766), on a connection of its own. Nobody off the path can forge an answer there, and nothing is cut off.
/// </summary>
/// <remarks>Without EDNS, over which some servers stumble: TCP needs none. See docs/design/003-dns-client.md.</remarks>
internal static class TcpTransport
{
    private const int PrefixLength = sizeof(ushort);

    /// <returns>What the server said; null when no connection to it carried an answer.</returns>
    /// <exception cref="OperationCanceledException">The token has been cancelled.</exception>
    public static async Task<TxtAnswer?> AskAsync(IPEndPoint server, DnsName name, CancellationToken cancellationToken)
    {
        var query = DnsQuery.Create(name, edns: false);
        byte[] message;
        try
        {
            message = await ExchangeAsync(server, query.Message, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return null;
        }

        return query.IsAnsweredBy(message)
            ? TxtResponseReader.Read(message, server.ToString())
            : TxtAnswer.Failed(TxtError.Malformed, $"{server} answered over TCP, and not to the question");
    }

    private static async Task<byte[]> ExchangeAsync(IPEndPoint server, byte[] question, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        using var stream = new NetworkStream(socket);

        // The length and the message at once: there are servers that want them in one segment (RFC 7766, section 8).
        var framed = new byte[PrefixLength + question.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)question.Length);
        question.CopyTo(framed, PrefixLength);
        await stream.WriteAsync(framed, cancellationToken).ConfigureAwait(false);

        await stream.ReadExactlyAsync(framed.AsMemory(0, PrefixLength), cancellationToken).ConfigureAwait(false);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(framed)];
        await stream.ReadExactlyAsync(answer, cancellationToken).ConfigureAwait(false);
        return answer;
    }
}
