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
    /// How many lookups a record may cost beside the first (RFC 7208, section 4.6.4), those of <c>a</c>, <c>mx</c>, <c>ptr</c> and <c>exists</c> included, which are
    /// not made here. A name that the chain meets again is neither asked for nor counted again.
    /// </summary>
    public const int MaxLookups = 10;

    public async ValueTask<RangeAnswer> LoadAsync(CancellationToken cancellationToken)
    {
        var chain = new Chain(resolver);
        var (admitted, breach) = await chain.FollowAsync(recordName.TrimEnd('.'), cancellationToken).ConfigureAwait(false);
        return (breach ?? RangeRules.FirstBreach(admitted.Networks, options)) is { } found
            ? RangeAnswer.Failed(found.Failure, found.Detail)
            : RangeAnswer.Found(admitted.Networks, chain.TimeToLive);
    }

    /// <summary>What one load has met so far.</summary>
    private sealed class Chain(ITxtResolver resolver)
    {
        private static readonly Admission Nobody = new([], Others: false);

        private readonly Dictionary<string, Admission> _known = new(StringComparer.OrdinalIgnoreCase);
        private readonly HashSet<string> _path = new(StringComparer.OrdinalIgnoreCase);
        private int _lookups = -1; // the first name is free

        public TimeSpan TimeToLive { get; private set; } = TimeSpan.MaxValue;

        /// <summary>Whom the record of a name admits, or the rule that it breaks.</summary>
        public async ValueTask<(Admission Admitted, RangeBreach? Breach)> FollowAsync(string name, CancellationToken cancellationToken)
        {
            if (_path.Contains(name))
            {
                return (Nobody, new RangeBreach(RangeFailure.Loop, $"{name} leads back to itself"));
            }

            if (_known.TryGetValue(name, out var known))
            {
                return (known, null);
            }

            if (++_lookups > MaxLookups)
            {
                return (Nobody, new RangeBreach(RangeFailure.TooManyLookups, $"{name} would be one lookup more than {MaxLookups}"));
            }

            _path.Add(name);
            var (admitted, breach) = await ReadAsync(name, cancellationToken).ConfigureAwait(false);
            _path.Remove(name);
            _known[name] = admitted;
            return (admitted, breach);
        }

        private async ValueTask<(Admission Admitted, RangeBreach? Breach)> ReadAsync(string name, CancellationToken cancellationToken)
        {
            var (answer, breach) = await AskAsync(name, cancellationToken).ConfigureAwait(false);
            if (answer is null || !TryPick(name, answer, out var record, out breach))
            {
                return (Nobody, breach);
            }

            TimeToLive = answer.TimeToLive < TimeToLive ? answer.TimeToLive : TimeToLive;
            _lookups += record.OtherLookups;
            var (match, admitsOthers) = (new FirstMatch(), record.AdmitsOthers);
            foreach (var term in record.Redirect is { } redirect ? record.Terms.Append(new SpfTerm(Passes: true, default, redirect)) : record.Terms)
            {
                cancellationToken.ThrowIfCancellationRequested();
                (var matched, breach) = term.Include is { } next ? await FollowAsync(next, cancellationToken).ConfigureAwait(false) : (new Admission([term.Network], Others: false), null);
                admitsOthers |= term.Passes && matched.Others;
                if ((breach ?? match.Add(matched.Networks, matched.Others, term.Passes, name)) is { } found)
                {
                    return (Nobody, found);
                }
            }

            return _lookups > MaxLookups
                ? (Nobody, new RangeBreach(RangeFailure.TooManyLookups, $"{name} would cost more than {MaxLookups} lookups"))
                : (new Admission(match.Networks, admitsOthers), null);
        }

        private async ValueTask<(TxtAnswer? Answer, RangeBreach? Breach)> AskAsync(string name, CancellationToken cancellationToken)
        {
            string? detail;
            try
            {
                var answer = await resolver.ResolveTxtAsync(name, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Whom a record admits, and whether there are others of whom only a mail server could know.</summary>
    private sealed record Admission(IReadOnlyList<IPNetwork> Networks, bool Others);
}
