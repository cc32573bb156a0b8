using System.Diagnostics.CodeAnalysis;
using System.Net;
using OriginGuard.ForeignText;

namespace OriginGuard.Ranges;

/// <summary>
/// Ranges from a TXT record in SPF grammar, with the records that it includes or redirects to. Every record of the chain is needed: one
/// that fails, breaks the grammar or is missing refuses the answer whole (RFC 7208, sections 5.2 and 6.1, know no partial result either).
/// </summary>
internal sealed class DnsTxtRangeSource(string recordName, ITxtResolver resolver, SourceAddressOptions options)
{
    /// <summary>
    /// How many names are asked for beside the first one (RFC 7208, section 4.6.4). A name that the chain meets again is neither asked for
    /// nor counted again; terms that are ignored (<c>a</c>, <c>mx</c>, ...) cause no lookup here and do not count.
    /// </summary>
    public const int MaxLookups = 10;

    public string Name => recordName;

    public async ValueTask<RangeAnswer> LoadAsync(CancellationToken cancellationToken)
    {
        var chain = new Chain(resolver);
        var breach = await chain.FollowAsync(recordName.TrimEnd('.'), cancellationToken) ?? RangeRules.FirstBreach(chain.Networks, options);
        return breach is { } found
            ? RangeAnswer.Failed(found.Failure, found.Detail)
            : RangeAnswer.Found([.. chain.Networks], chain.TimeToLive);
    }

    /// <summary>What one load has met so far.</summary>
    private sealed class Chain(ITxtResolver resolver)
    {
        private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);
        private readonly HashSet<string> _path = new(StringComparer.OrdinalIgnoreCase);

        public HashSet<IPNetwork> Networks { get; } = [];

        public TimeSpan TimeToLive { get; private set; } = TimeSpan.MaxValue;

        public async ValueTask<RangeBreach?> FollowAsync(string name, CancellationToken cancellationToken)
        {
            if (_path.Contains(name))
            {
                return new RangeBreach(RangeFailure.Loop, $"{name} leads back to itself");
            }

            if (_asked.Contains(name))
            {
                return null;
            }

            if (_asked.Count > MaxLookups)
            {
                return new RangeBreach(RangeFailure.TooManyLookups, $"{name} would be one lookup more than {MaxLookups}");
            }

            _asked.Add(name);
            _path.Add(name);
            var breach = await ReadAsync(name, cancellationToken);
            _path.Remove(name);
            return breach;
        }

        private async ValueTask<RangeBreach?> ReadAsync(string name, CancellationToken cancellationToken)
        {
            var (answer, breach) = await AskAsync(name, cancellationToken);
            if (answer is null || !TryPick(name, answer, out var record, out breach))
            {
                return breach;
            }

            TimeToLive = answer.TimeToLive < TimeToLive ? answer.TimeToLive : TimeToLive;
            Networks.UnionWith(record.Networks);
            foreach (var next in record.Redirect is { } redirect ? record.Includes.Append(redirect) : record.Includes)
            {
                if (await FollowAsync(next, cancellationToken) is { } nested)
                {
                    return nested;
                }
            }

            return null;
        }

        private async ValueTask<(TxtAnswer? Answer, RangeBreach? Breach)> AskAsync(string name, CancellationToken cancellationToken)
        {
            string? detail;
            try
            {
                var answer = await resolver.ResolveTxtAsync(name, cancellationToken);
                if (answer.Succeeded)
                {
                    return (answer, null);
                }

                detail = answer.ToString();
            }
            catch (Exception exception)
            {
                // Whatever a resolver throws, its null answer included, is a failed refresh and not the end of the refresher.
                detail = $"the resolver threw {exception.GetType().Name}: {exception.Message}";
            }

            // Whoever has cancelled hears so, whether the resolver threw this, threw something else or called it a failure.
            cancellationToken.ThrowIfCancellationRequested();
            return (null, new RangeBreach(RangeFailure.Lookup, $"{name}: {PrintableText.From(detail)}"));
        }

        private static bool TryPick(
            string name, TxtAnswer answer, [NotNullWhen(true)] out SpfRecord? record, out RangeBreach? breach)
        {
            record = null;
            string[] texts = [.. answer.Texts.Where(static text => SpfRecord.IsSpf(text))];
            if (texts is not [var only])
            {
                breach = texts.Length == 0
                    ? new RangeBreach(RangeFailure.NoSpfRecord, $"{name}: none of {answer.Texts.Count} TXT record(s) begins with v=spf1")
                    : new RangeBreach(RangeFailure.SeveralSpfRecords, $"{name}: {texts.Length} TXT records begin with v=spf1");
                return false;
            }

            var parsed = SpfRecord.TryParse(only, out record, out var mistake);
            breach = parsed ? null : new RangeBreach(RangeFailure.Malformed, $"{name}: {mistake}");
            return parsed;
        }
    }
}
