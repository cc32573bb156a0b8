namespace OriginGuard.Tests.Docs;

// The members of DnsClient.NET that the example uses, in its own shape: the package itself is no dependency of these tests.
internal enum QueryType
{
    TXT = 16,
}

internal enum DnsHeaderResponseCode
{
    NoError = 0,
    NotExistentDomain = 3,
    Refused = 5,
}

internal interface ILookupClient
{
    Task<IDnsQueryResponse> QueryAsync(string query, QueryType queryType, CancellationToken cancellationToken = default);
}

internal interface IDnsQueryResponse
{
    bool HasError { get; }

    string ErrorMessage { get; }

    DnsResponseHeader Header { get; }

    IReadOnlyList<TxtRecord> Answers { get; }
}

internal sealed record DnsResponseHeader(DnsHeaderResponseCode ResponseCode);

internal sealed record TxtRecord(int TimeToLive, ICollection<string> Text);

internal static class DnsRecordExtensions
{
    public static IEnumerable<TxtRecord> TxtRecords(this IEnumerable<TxtRecord> records) => records;
}
