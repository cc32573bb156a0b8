using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;

namespace OriginGuard.Dns;

/// <summary>
/// Asks one server over TCP, by DnsClient. Over TCP nobody off the path can forge an answer and nothing is cut off. What DnsClient does not compare is compared
/// here: that the answer is one, to this question, and of this owner. See docs/design/003-dns-client.md.
/// </summary>
internal static class TcpLookup
{
    // One for all, because it keeps connections and cannot be disposed. It has no time of its own: the attempt's token has.
    private static readonly LookupClient Client = new(new LookupClientOptions
    {
        AutoResolveNameServers = false,
        ContinueOnDnsError = false,
        ContinueOnEmptyResponse = false,
        EnableAuditTrail = false,
        ExtendedDnsBufferSize = DnsQueryOptions.MinimumBufferSize, // no EDNS, over which some servers stumble: TCP needs none
        Retries = 1, // the server may have closed a connection that was kept
        ThrowDnsErrors = false,
        Timeout = Timeout.InfiniteTimeSpan,
        UseCache = false,
        UseTcpOnly = true,
    });

    /// <returns>What the server said; null when no connection to it carried an answer.</returns>
    /// <exception cref="OperationCanceledException">The token has been cancelled.</exception>
    public static async Task<TxtAnswer?> AskAsync(IPEndPoint server, DnsName name, CancellationToken cancellationToken)
    {
        try
        {
            var question = new DnsQuestion(name.ToString(), QueryType.TXT);
            var response = await Client.QueryServerAsync([new NameServer(server)], question, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return Read(response, name, server.ToString());
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // DnsClient calls a cancellation a time-out.
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception failure) when (failure.GetBaseException() is SocketException or IOException or TimeoutException)
        {
            return null;
        }
        catch (Exception failure)
        {
            // Whatever a message makes the library throw: of many kinds, and most of them nowhere written down.
            return TxtAnswer.Failed(TxtError.Malformed, $"{server} answered with a message that is not well formed ({failure.GetType().Name})");
        }
    }

    private static TxtAnswer Read(IDnsQueryResponse response, DnsName name, string server)
    {
        var header = response.Header;
        if (!IsAnswer(response, name))
        {
            return TxtAnswer.Failed(TxtError.Malformed, $"{server} answered over TCP, and not to the question");
        }

        return (int)header.ResponseCode is not (int)DnsResponseCode.NoError and var code ? TxtResponseReader.FromCode(code, server)
            : header.ResultTruncated ? TxtAnswer.Failed(TxtError.Malformed, $"{server} truncated its answer where it need not")
            : Collect(response.Answers, name.ToString(), server) ?? TxtResponseReader.NothingFound(header.HasAuthorityAnswer || header.RecursionAvailable, server);
    }

    /// <summary>Whether the message is a response, and repeats the question. A server that could not read that may leave it out.</summary>
    private static bool IsAnswer(IDnsQueryResponse response, DnsName name) => response.Header is { HasQuery: true, OPCode: DnsOpCode.Query } header
        && (response.Questions is [var question]
            ? question.QuestionType is QueryType.TXT && question.QuestionClass is QueryClass.IN && IsSame(question.QueryName, name.ToString())
            : header.QuestionCount == 0 && (int)header.ResponseCode is (int)DnsResponseCode.FormatError or (int)DnsResponseCode.NotImplemented);

    /// <summary>The records of the name, or of the one that its aliases lead to. Null: there are none.</summary>
    private static TxtAnswer? Collect(IReadOnlyList<DnsResourceRecord> answers, string owner, string server)
    {
        var timeToLive = int.MaxValue;
        for (var aliases = 0; answers.OfType<CNameRecord>().FirstOrDefault(alias => IsOf(alias, owner)) is { } alias; aliases++)
        {
            if (aliases == TxtResponseReader.MaxAliases)
            {
                return TxtResponseReader.TooManyAliases(server);
            }

            (owner, timeToLive) = (alias.CanonicalName.Value, Math.Min(timeToLive, Seconds(alias)));
        }

        DnsResourceRecord[] records = [.. answers.Where(record => record.RecordType is ResourceRecordType.TXT && IsOf(record, owner))];
        return records.Length == 0 ? null
            : Array.TrueForAll(records, static record => record is TxtRecord { Text.Count: > 0 })
                ? TxtAnswer.Found(
                    records.Cast<TxtRecord>().Select(static record => string.Concat(record.Text)),
                    TimeSpan.FromSeconds(records.Aggregate(timeToLive, static (least, record) => Math.Min(least, Seconds(record)))))
                : TxtAnswer.Failed(TxtError.Malformed, $"{server} answered with a TXT record that has no text");
    }

    private static bool IsOf(DnsResourceRecord record, string owner) => record.RecordClass is QueryClass.IN && IsSame(record.DomainName, owner);

    private static bool IsSame(DnsString left, string right) => left.Value.AsSpan().TrimEnd('.').Equals(right.AsSpan().TrimEnd('.'), StringComparison.OrdinalIgnoreCase);

    // RFC 2181, section 8: a TTL with the top bit set counts as zero.
    private static int Seconds(DnsResourceRecord record) => Math.Max(record.InitialTimeToLive, 0);
}
