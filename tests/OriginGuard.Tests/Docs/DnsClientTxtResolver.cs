namespace OriginGuard.Tests.Docs;

#region DnsClientTxtResolver
internal sealed class DnsClientTxtResolver(ILookupClient lookup) : ITxtResolver
{
    public async ValueTask<TxtAnswer> ResolveTxtAsync(string name, CancellationToken cancellationToken)
    {
        var response = await lookup.QueryAsync(name, QueryType.TXT, cancellationToken: cancellationToken);
        if (response.HasError)
        {
            return TxtAnswer.Failed(
                response.Header.ResponseCode switch
                {
                    DnsHeaderResponseCode.NotExistentDomain => TxtError.NameError,
                    DnsHeaderResponseCode.Refused => TxtError.Refused,
                    _ => TxtError.ServerFailure,
                },
                response.ErrorMessage);
        }

        var records = response.Answers.TxtRecords().ToList();
        return records.Count == 0
            ? TxtAnswer.Failed(TxtError.NoData, "the answer holds no TXT record")
            : TxtAnswer.Found(
                records.Select(record => string.Concat(record.Text)),
                TimeSpan.FromSeconds(records.Min(record => record.TimeToLive)));
    }
}
#endregion
