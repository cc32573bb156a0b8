using System.Net;
using OriginGuard.PublishedLists;
using OriginGuard.Ranges;
using OriginGuard.Tool.Formats;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Ranges;

/// <summary>
/// Resolves the records of a platform as the guard does, by the same rules, and adds what is fixed there and the operator's own networks. One that fails fails them all: half of the
/// ranges would lock out the rest.
/// </summary>
internal sealed class RangeLookup(RangePreset preset, ITxtResolver resolver, SourceAddressOptions limits, IReadOnlyList<IPNetwork> own, ToolContext context)
{
    private readonly ListComparison _lists = new(limits, context);

    /// <exception cref="ToolFailure">A record gives no ranges.</exception>
    public async Task<RangeSet> LoadAsync(CancellationToken cancellationToken)
    {
        using var asking = context.Progress.During("asking DNS");
        HashSet<IPNetwork> networks = [.. preset.Networks, .. own];
        var timeToLive = TimeSpan.MaxValue;
        var corroboration = Corroboration.NotAsked;
        foreach (var record in preset.Records)
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

        return new RangeSet(preset.Records, networks, preset.Records.Count > 0 ? timeToLive : TimeSpan.Zero, corroboration)
        {
            Platform = preset.Platform,
            Own = own,
            Choice = Choice(),
        };
    }

    private string Choice() => string.Concat(
    [
        .. preset.Platform is OriginPlatform.InternetNeg ? Array.Empty<string>() : [$" --platform {preset.Platform}"],
        .. preset.Records.SequenceEqual(RangePreset.Of(preset.Platform, records: null).Records) ? [] : preset.Records.Select(static record => $" --record {record}"),
        .. own.Select(static network => $" --network {network}"),
        .. limits.Corroboration is CorroborationMode.Off ? [" --no-lists"] : Array.Empty<string>(),
    ]);
}
