using System.Globalization;
using System.Net;

namespace OriginGuard.PublishedLists;

/// <summary>What Google's lists say about ranges.</summary>
/// <param name="Result">The word for it.</param>
/// <param name="Objection">Which network they deny, and why; null when they deny none.</param>
internal readonly record struct Corroborated(Corroboration Result, string? Objection)
{
    // They are fetched once a day: ranges that are trusted for an hour only must not make yesterday's lists mild.
    private static readonly TimeSpan LeastTrust = TimeSpan.FromDays(2);

    /// <summary>What holds of the same networks after what was said of them before: what fresh lists have confirmed once stays, whatever others say later.</summary>
    public Corroborated After(Corroborated before) => Result is not Corroboration.NotAsked && before.Result is Corroboration.Confirmed ? before : this;

    /// <summary>The lists in use, asked about networks.</summary>
    /// <param name="lists">The lists.</param>
    /// <param name="networks">What a record said.</param>
    /// <param name="maxAge">How old fetched lists may be before a no of theirs is only a doubt; two days at least.</param>
    /// <param name="time">The clock of their age.</param>
    public static Corroborated By(ListsStatus lists, IEnumerable<IPNetwork> networks, TimeSpan maxAge, TimeProvider time)
    {
        var isFresh = lists.Age(time) < (maxAge > LeastTrust ? maxAge : LeastTrust);
        return lists.Networks.Objection(networks) is { } objection
            ? new Corroborated(isFresh ? Corroboration.Denied : Corroboration.Doubted, string.Create(CultureInfo.InvariantCulture, $"{objection} (lists of {lists.Networks.PublishedAt:yyyy-MM-dd})"))
            : new Corroborated(isFresh ? Corroboration.Confirmed : Corroboration.Likely, null);
    }
}
