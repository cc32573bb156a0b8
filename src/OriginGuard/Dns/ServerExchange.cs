using System.Net;
using Microsoft.Extensions.Logging;

namespace OriginGuard.Dns;

/// <summary>One attempt with one server: UDP first, then whatever its answer calls for. Everything shares the attempt's time.</summary>
internal sealed partial class ServerExchange(IPEndPoint server, ILogger logger)
{
    private readonly UdpTransport _udp = new(server);

    /// <exception cref="InvalidDataException">Something came, and none of it answers the question.</exception>
    public async Task<TxtAnswer> AskAsync(DnsName name, CancellationToken cancellationToken)
    {
        try
        {
            var query = DnsQuery.Create(name, edns: true);
            var message = await ExchangeAsync(query, name, cancellationToken);
            if (query.IsRefusedForEdns(message))
            {
                Log.AskingWithoutEdns(logger, server, name);
                message = await ExchangeAsync(DnsQuery.Create(name, edns: false), name, cancellationToken);
            }

            return TxtResponseReader.Read(message, server.ToString());
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
                Log.DatagramsIgnored(logger, _udp.Ignored, server, name);
            }
        }
    }

    private async Task<byte[]> ExchangeAsync(DnsQuery query, DnsName name, CancellationToken cancellationToken)
    {
        var message = await _udp.ExchangeAsync(query, cancellationToken);
        if (message is not null && !IsTruncated(message))
        {
            return message;
        }

        Log.AskingOverTcp(logger, server, name);
        return await TcpTransport.ExchangeAsync(server, query, cancellationToken);
    }

    private static bool IsTruncated(ReadOnlySpan<byte> message) =>
        new DnsMessageReader(message).TryReadHeader(out var header) && header.IsTruncated;
}
