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
            var (message, isWhole) = await ExchangeAsync(query, name, cancellationToken);
            if (query.IsRefusedForEdns(message))
            {
                Log.AskingWithoutEdns(logger, server, name);
                query = DnsQuery.Create(name, edns: false);
                (message, isWhole) = await ExchangeAsync(query, name, cancellationToken);
            }

            var answer = TxtResponseReader.Read(message, server.ToString());

            // Cut on its way, without the bit that says so, or longer than a datagram may be.
            return answer.Error is TxtError.Malformed && !isWhole
                ? TxtResponseReader.Read(await AskOverTcpAsync(query, name, cancellationToken), server.ToString())
                : answer;
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

    /// <returns>The answer, and whether it came by TCP, which cuts nothing off.</returns>
    private async Task<(byte[] Message, bool IsWhole)> ExchangeAsync(DnsQuery query, DnsName name, CancellationToken cancellationToken)
    {
        var message = await _udp.ExchangeAsync(query, cancellationToken);
        return message is null || IsTruncated(message) ? (await AskOverTcpAsync(query, name, cancellationToken), true) : (message, false);
    }

    private Task<byte[]> AskOverTcpAsync(DnsQuery query, DnsName name, CancellationToken cancellationToken)
    {
        Log.AskingOverTcp(logger, server, name);
        return TcpTransport.ExchangeAsync(server, query, cancellationToken);
    }

    private static bool IsTruncated(ReadOnlySpan<byte> message) =>
        new DnsMessageReader(message).TryReadHeader(out var header) && header.IsTruncated;
}
