using OriginGuard.Tests.Docs.FrameworkDnsShape;

namespace OriginGuard.Tests.Docs;

#region docs: framework
internal sealed class FrameworkTxtResolver(DnsResolver resolver) : ITxtResolver
{
    public async ValueTask<TxtAnswer> ResolveTxtAsync(string name, CancellationToken cancellationToken)
    {
        var result = await resolver.ResolveTxtAsync(name, cancellationToken);
        return result.ResponseCode switch
        {
            DnsResponseCode.NoError when result.Records.Count > 0 =>
                TxtAnswer.Found(result.Records.Select(record => string.Concat(record.Values)), result.Records.Min(record => record.Ttl)),
            DnsResponseCode.NoError => TxtAnswer.Failed(TxtError.NoData),
            DnsResponseCode.NxDomain => TxtAnswer.Failed(TxtError.NameError),
            DnsResponseCode.Refused => TxtAnswer.Failed(TxtError.Refused),
            _ => TxtAnswer.Failed(TxtError.ServerFailure, $"response code {result.ResponseCode}"),
        };
    }
}
#endregion
