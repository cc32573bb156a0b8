using Xunit;

namespace OriginGuard.Tests.Docs;

public class DnsClientTxtResolverTests
{
    [Fact]
    public async Task Joins_the_strings_of_each_record_and_takes_the_least_TTL()
    {
        var answer = await ResolveAsync(DnsHeaderResponseCode.NoError, new(60, ["v=spf1 ip4:192.0.2", ".0/24 ~all"]), new(30, ["other"]));

        Assert.Equal(["v=spf1 ip4:192.0.2.0/24 ~all", "other"], answer.Texts);
        Assert.Equal(TimeSpan.FromSeconds(30), answer.TimeToLive);
    }

    [Fact]
    public async Task Turns_what_the_server_said_into_an_error()
    {
        Assert.Equal(TxtError.NameError, (await ResolveAsync(DnsHeaderResponseCode.NotExistentDomain)).Error);
        Assert.Equal(TxtError.Refused, (await ResolveAsync(DnsHeaderResponseCode.Refused)).Error);
        Assert.Equal(TxtError.ServerFailure, (await ResolveAsync((DnsHeaderResponseCode)2)).Error);
        Assert.Equal(TxtError.NoData, (await ResolveAsync(DnsHeaderResponseCode.NoError)).Error);
    }

    private static async Task<TxtAnswer> ResolveAsync(DnsHeaderResponseCode code, params TxtRecord[] records) =>
        await new DnsClientTxtResolver(new Lookup(new Response(new DnsResponseHeader(code), records)))
            .ResolveTxtAsync("a.test", TestContext.Current.CancellationToken);

    private sealed class Lookup(Response response) : ILookupClient
    {
        public Task<IDnsQueryResponse> QueryAsync(string query, QueryType queryType, CancellationToken cancellationToken = default) =>
            Task.FromResult<IDnsQueryResponse>(response);
    }

    private sealed record Response(DnsResponseHeader Header, IReadOnlyList<TxtRecord> Answers) : IDnsQueryResponse
    {
        public bool HasError => Header.ResponseCode is not DnsHeaderResponseCode.NoError;

        public string ErrorMessage => Header.ResponseCode.ToString();
    }
}
