namespace OriginGuard.Tests.Docs.FrameworkDnsShape;

// What docs/ranges.md uses of the resolver that comes after .NET 10 (System.Net.DnsResolver), with its names and signatures.
#pragma warning disable CA1028, CA1815

internal enum DnsResponseCode : ushort
{
    NoError = 0,
    ServerFailure = 2,
    NxDomain = 3,
    Refused = 5,
}

internal sealed class DnsResolver(Func<string, DnsResult<TxtRecord>> zone)
{
    public Task<DnsResult<TxtRecord>> ResolveTxtAsync(string name, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled<DnsResult<TxtRecord>>(cancellationToken) : Task.FromResult(zone(name));
}

internal readonly record struct DnsResult<T>(DnsResponseCode ResponseCode, IReadOnlyList<T> Records);

internal readonly record struct TxtRecord(IReadOnlyList<string> Values, TimeSpan Ttl);
