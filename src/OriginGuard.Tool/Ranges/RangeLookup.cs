using System.Net;
using OriginGuard.PublishedLists;
using OriginGuard.Ranges;
using OriginGuard.Tool.Formats;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Ranges;

/// <summary>Resolves records as the guard does, by the same rules, and adds the operator's own networks. One that fails fails them all: half of the ranges would lock out the rest.</summary>
internal sealed class RangeLookup(IReadOnlyList<string> records, ITxtResolver resolver, SourceAddressOptions limits, IReadOnlyList<IPNetwork> own, ToolContext context)
{
    private readonly ListComparison _lists = new(limits, context);

    /// <exception cref="ToolFailure">A record gives no ranges.</exception>
    public async Task<RangeSet> LoadAsync(CancellationToken cancellationToken)
    {
        using var asking = context.Progress.During("asking DNS");
        HashSet<IPNetwork> networks = [.. own];
        var timeToLive = TimeSpan.MaxValue;
        var corroboration = Corroboration.NotAsked;
        foreach (var record in records)
        {
            var answer = await new DnsTxtRangeSource(record, resolver, limits).LoadAsync(cancellationToken);
            if (!answer.Succeeded)
            {
                throw new ToolFailure($"no ranges from the record {record}. {answer.Detail}");
            }

            var said = await _lists.CompareAsync(record, answer.Networks, cancellationToken);
            corroboration = said is Corroboration.NotAsked ? corroboration : said;
            networks.UnionWith(answer.Networks);
            timeToLive = answer.TimeToLive < timeToLive ? answer.TimeToLive : timeToLive;
        }

        return new RangeSet(records, networks, timeToLive, corroboration) { Own = own, Choice = Choice() };
    }

    private string Choice() => string.Concat(
    [
        .. records is [SourceAddressOptions.GoogleRecordName] ? [] : records.Select(static record => $" --record {record}"),
        .. own.Select(static network => $" --network {network}"),
        .. limits.Corroboration is CorroborationMode.Off ? [" --no-lists"] : Array.Empty<string>(),
    ]);
}
