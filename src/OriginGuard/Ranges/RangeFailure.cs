namespace OriginGuard.Ranges;

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
    NonPublic,
    TooManyLookups,
    Loop,
}
