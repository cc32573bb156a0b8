using OriginGuard.Tests.Docs.DnsClientShape;

namespace OriginGuard.Tests.Docs;

#region docs: dnsclient
internal sealed class DnsClientTxtResolver(ILookupClient client) : ITxtResolver
{
    public async ValueTask<TxtAnswer> ResolveTxtAsync(string name, CancellationToken cancellationToken)
    {
        var response = await client.QueryAsync(name, QueryType.TXT, cancellationToken: cancellationToken);
        if (response.HasError)
        {
            var error = response.Header.ResponseCode is DnsHeaderResponseCode.NotExistentDomain ? TxtError.NameError : TxtError.ServerFailure;
            return TxtAnswer.Failed(error, response.ErrorMessage);
        }

        var records = response.Answers.TxtRecords().ToList();
        return records.Count == 0
            ? TxtAnswer.Failed(TxtError.NoData)
            : TxtAnswer.Found(records.Select(record => string.Concat(record.Text)), TimeSpan.FromSeconds(records.Min(record => record.TimeToLive)));
    }
}
#endregion
