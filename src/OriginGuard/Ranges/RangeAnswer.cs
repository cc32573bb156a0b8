using System.Net;

namespace OriginGuard.Ranges;

/// <summary>What a range source found: networks to trust and for how long, or why there are none. Immutable.</summary>
internal sealed class RangeAnswer
{
    private RangeAnswer(IReadOnlyList<IPNetwork> networks, TimeSpan timeToLive, RangeFailure failure, string? detail) =>
        (Networks, TimeToLive, Failure, Detail) = (networks, timeToLive, failure, detail);

    public IReadOnlyList<IPNetwork> Networks { get; }

    public TimeSpan TimeToLive { get; }

    public RangeFailure Failure { get; }

    /// <summary>A sentence for the log; null on success.</summary>
    public string? Detail { get; }

    public bool Succeeded => Failure is RangeFailure.None;

    public static RangeAnswer Found(IReadOnlyList<IPNetwork> networks, TimeSpan timeToLive) => new(networks, timeToLive, RangeFailure.None, null);

    public static RangeAnswer Failed(RangeFailure failure, string detail) => new([], TimeSpan.Zero, failure, detail);
}

/// <summary>Which rule ranges break, and a sentence for the log that says where.</summary>
internal readonly record struct RangeBreach(RangeFailure Failure, string Detail);

/// <summary>Why an answer gives no ranges. The ranges in force stay.</summary>
internal enum RangeFailure
{
    None,
    Lookup,
    NoSpfRecord,
    SeveralSpfRecords,
    Malformed,
    NoNetworks,
    TooManyNetworks,
    TooWide,
    TooManyAddresses,
    GrownTooFast,
    NonPublic,
    TooManyLookups,
    Loop,
    Uncorroborated,
}
