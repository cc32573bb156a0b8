using System.Net;
using Microsoft.Extensions.Logging;

namespace OriginGuard.Dns;

/// <summary>
/// One attempt with one server: TCP first, and UDP only where no connection carries an answer. Both share the attempt's time, of which TCP has the first half.
/// </summary>
/// <remarks>
/// Both transports are our own, and so is the reader of messages: it bounds what a message may cost. See docs/design/003-dns-client.md.
/// </remarks>
internal sealed partial class ServerExchange(IPEndPoint server, TimeSpan timeout, TimeProvider time, ServerNotes notes, ILogger logger)
{
    private readonly UdpTransport _udp = new(server);

    /// <exception cref="InvalidDataException">Something came, and none of it answers the question.</exception>
    public async Task<TxtAnswer> AskAsync(DnsName name, CancellationToken cancellationToken)
    {
        if (await AskOverTcpAsync(name, cancellationToken).ConfigureAwait(false) is { } answer)
        {
            notes.AnsweredOverTcp(server);
            return answer;
        }

        return await AskOverUdpAsync(name, cancellationToken).ConfigureAwait(false);
    }

    private async Task<TxtAnswer?> AskOverTcpAsync(DnsName name, CancellationToken cancellationToken)
    {
        // A firewall that drops what goes to port 53 over TCP says nothing: half of the time is left for UDP.
        using var half = new CancellationTokenSource(timeout / 2, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, half.Token);
        try
        {
            return await TcpTransport.AskAsync(server, name, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<TxtAnswer> AskOverUdpAsync(DnsName name, CancellationToken cancellationToken)
    {
        try
        {
            var query = DnsQuery.Create(name, edns: true);
            var message = await _udp.ExchangeAsync(query, cancellationToken).ConfigureAwait(false);
            if (message is not null && query.IsRefusedForEdns(message))
            {
                Log.AskingWithoutEdns(logger, server, name);
                message = await _udp.ExchangeAsync(DnsQuery.Create(name, edns: false), cancellationToken).ConfigureAwait(false);
            }

            if (message is not null)
            {
                // Not before: a server that is down, or slow, says nothing of the way to it.
                var level = notes.AnsweredOverUdp(server);
                Log.AnsweredOverUdp(logger, level, server, name);
            }

            return message is null ? TxtAnswer.Failed(TxtError.Malformed, $"{server} sent {_udp.Ignored} datagrams, none of which answers the question, and cannot be asked over TCP")
                : IsTruncated(message) ? TxtAnswer.Failed(TxtError.Network, $"{server} has more to say than a datagram holds, and cannot be asked over TCP")
                : TxtResponseReader.Read(message, server.ToString());
        }
        catch (OperationCanceledException) when (_udp.Ignored > 0)
        {
            // More telling than silence: a server that garbles its answers, or somebody who forges them.
            throw new InvalidDataException($"sent {_udp.Ignored} datagram(s), none of which answers the question");
        }
        finally
        {
            if (_udp.Ignored > 0)
            {
                var level = notes.Ignored(server);
                Log.DatagramsIgnored(logger, level, _udp.Ignored, server, name);
            }
            else
            {
                notes.Undisturbed(server);
            }
        }
    }

    private static bool IsTruncated(ReadOnlySpan<byte> message) =>
        new DnsMessageReader(message).TryReadHeader(out var header) && header.IsTruncated;
}
