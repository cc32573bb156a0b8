using System.Net;
using System.Net.Sockets;

namespace OriginGuard.Dns;

/// <summary>One question to one server over UDP.</summary>
internal sealed class UdpTransport(IPEndPoint server)
{
    // Who forges answers has to guess id and port at once. This many wrong guesses from the server's own address are no accident.
    public const int MaxIgnored = 32;

    // More than the payload size that the query allows, so that a server that does not keep to it is still understood.
    private const int BufferLength = 4096;

    /// <summary>How many datagrams came that do not answer the question.</summary>
    public int Ignored { get; private set; }

    /// <summary>
    /// Asks and waits for the datagram that answers; others are passed over, so that a forged one does not end the wait. Null: so many of
    /// them came that nobody can tell who is who, and the attempt has failed.
    /// </summary>
    public async Task<byte[]?> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken)
    {
        // A socket of its own for each question: the system draws a new source port (RFC 6056). Connected, so that only datagrams from
        // the server's address and port arrive at all, and a closed port there is heard of at once.
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        await socket.SendAsync(query.Message, cancellationToken).ConfigureAwait(false);

        var buffer = new byte[BufferLength];
        while (Ignored < MaxIgnored)
        {
            var length = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (query.IsAnsweredBy(buffer.AsSpan(0, length)))
            {
                return buffer[..length];
            }

            Ignored++;
        }

        return null;
    }
}
