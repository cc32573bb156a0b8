namespace OriginGuard.Tests.Docs.DnsClientShape;

// What docs/ranges.md uses of the package DnsClient (DnsClient.NET), with its names and signatures. The package is not referenced here.
#pragma warning disable CA1008, CA1028, CA1720

internal interface ILookupClient
{
    Task<IDnsQueryResponse> QueryAsync(
        string query, QueryType queryType, QueryClass queryClass = QueryClass.IN, CancellationToken cancellationToken = default);
}

internal interface IDnsQueryResponse
{
    bool HasError { get; }

    string ErrorMessage { get; }

    DnsResponseHeader Header { get; }

    IReadOnlyList<DnsResourceRecord> Answers { get; }
}

internal enum QueryType
{
    TXT = 16,
}

internal enum QueryClass
{
    IN = 1,
}

internal enum DnsHeaderResponseCode
{
    NoError = 0,
    ServerFailure = 2,
    NotExistentDomain = 3,
}

internal sealed record DnsResponseHeader(DnsHeaderResponseCode ResponseCode);

internal abstract record DnsResourceRecord(int TimeToLive);

internal sealed record TxtRecord(ICollection<string> Text, int TimeToLive) : DnsResourceRecord(TimeToLive);

internal static class RecordCollectionExtension
{
    public static IEnumerable<TxtRecord> TxtRecords(this IEnumerable<DnsResourceRecord> records) => records.OfType<TxtRecord>();
}
