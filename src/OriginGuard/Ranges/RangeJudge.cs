using System.Net;
using OriginGuard.PublishedLists;

namespace OriginGuard.Ranges;

/// <summary>
/// Compares what a record says with what else is known: with the ranges that DNS gave before, and, where the record is Google's own, with the lists that Google
/// publishes over HTTPS. Whoever forges an answer of DNS would have to forge those, too.
/// </summary>
internal sealed class RangeJudge(CurrentRanges ranges, GoogleLists lists)
{
    // The lists come within a second or not at all, and the application waits to listen.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Whether the lists are wanted at all: for Google's record, and not in a lab whose record is somebody else's.</summary>
    public static bool WantsLists(IEnumerable<string> recordNames, SourceAddressOptions options) => recordNames.Any(name => IsCorroborated(name, options));

    /// <summary>What the lists say about networks of a record.</summary>
    public Corroborated Ask(string recordName, IEnumerable<IPNetwork> networks, SourceAddressOptions options) => IsCorroborated(recordName, options)
        ? Corroborated.By(lists.Status, networks, options.MaxAge, ranges.Time)
        : default;

    /// <summary>The same for an answer of DNS. A no of old lists waits for the first new ones, and asks for newer ones: Google may have added a network today.</summary>
    public async ValueTask<Corroborated> AskAsync(string recordName, IEnumerable<IPNetwork> networks, SourceAddressOptions options, CancellationToken cancellationToken)
    {
        var said = Ask(recordName, networks, options);
        if (said.Result is Corroboration.Doubted)
        {
            try
            {
                await lists.FirstFetch.WaitAsync(Patience, ranges.Time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // They go on being fetched, and whatever they say is heard then.
            }

            said = Ask(recordName, networks, options);
        }

        if (said.Objection is not null)
        {
            lists.Wish();
        }

        return said;
    }

    /// <summary>
    /// What an answer breaks beside what DNS has said before, and only that: what is built in may be years old, and when nothing is usable there is nothing to
    /// compare with.
    /// </summary>
    /// <param name="recordName">The record.</param>
    /// <param name="networks">The answer.</param>
    /// <param name="beforeItShrank">What it held before most of it went: an edit that was wrong, or a forged answer, may be mended as soon as it is.</param>
    /// <param name="options">The options in force.</param>
    public RangeBreach? Growth(string recordName, IReadOnlyList<IPNetwork> networks, RecordRanges? beforeItShrank, SourceAddressOptions options)
    {
        if (ranges.Record(recordName) is not { Origin: RangeOrigin.Dns or RangeOrigin.Snapshot } before || !before.IsUsable(ranges.Time, options.MaxAge))
        {
            return null;
        }

        return beforeItShrank?.IsUsable(ranges.Time, options.MaxAge) is true && RangeRules.HoldsNoMore(beforeItShrank.Networks, networks)
            ? null
            : RangeRules.GrowthBreach(before.Networks, networks);
    }

    /// <summary>
    /// Why ranges in force may stay there no longer: an operator has forbidden since what they hold, or fresh lists deny what no fresh list has ever confirmed. What
    /// one has confirmed stays until it is too old: lists can be wrong, too, and nobody is to be locked out by them at night.
    /// </summary>
    public static string? Objection(RecordRanges kept, Corroborated said, SourceAddressOptions options) =>
        RangeRules.FirstBreach(kept.Networks, options)?.Detail ?? (IsDenied(kept, said) ? said.Objection : null);

    /// <summary>Whether fresh lists deny ranges that no fresh list has ever confirmed.</summary>
    public static bool IsDenied(RecordRanges kept, Corroborated said) => said.After(kept.Corroborated).Result is Corroboration.Denied;

    /// <summary>
    /// Of a record that is not Google's own for this: the first network in which Google rents out machines, with the one that it rents out. Null for none, and where nothing
    /// is to be compared with the lists.
    /// </summary>
    public (IPNetwork Network, IPNetwork Customers)? Rented(string recordName, IEnumerable<IPNetwork> networks, SourceAddressOptions options) =>
        IsCompared(options) && !BuiltInRanges.StandFor(recordName) ? lists.Status.Networks.FirstRented(networks) : null;

    private static bool IsCorroborated(string recordName, SourceAddressOptions options) => IsCompared(options) && BuiltInRanges.StandFor(recordName);

    private static bool IsCompared(SourceAddressOptions options) => options.Corroboration is CorroborationMode.On && !options.AllowNonPublicNetworks;
}
