namespace OriginGuard.Diagnostics;

/// <summary>The ranges of one record, or the configured networks.</summary>
/// <param name="Name">The record's name; null for the configured networks.</param>
/// <param name="Source">dns, static, snapshot, built-in or none.</param>
/// <param name="IsUsable">Whether anybody is admitted by them: they are there, and young enough.</param>
/// <param name="NetworkCount">How many networks there are.</param>
/// <param name="Networks">The first of them.</param>
/// <param name="LoadedAt">When they were loaded; null for what was not.</param>
/// <param name="AgeSeconds">How old they are; null for what does not grow old.</param>
/// <param name="TimeToLiveSeconds">What the record said; null when no record did.</param>
/// <param name="LastRefresh">succeeded or failed; null before the first, and for the configured networks.</param>
/// <param name="LastRefreshAt">When that was.</param>
/// <param name="LastError">Why it failed.</param>
/// <param name="NextRefreshAt">When the next one begins; null while one is under way.</param>
/// <param name="HasStopped">The refreshing has ended unexpectedly; only a restart helps.</param>
internal sealed record RecordDiagnosis(
    string? Name,
    string Source,
    bool IsUsable,
    int NetworkCount,
    IReadOnlyList<string> Networks,
    DateTimeOffset? LoadedAt,
    long? AgeSeconds,
    long? TimeToLiveSeconds,
    string? LastRefresh,
    DateTimeOffset? LastRefreshAt,
    string? LastError,
    DateTimeOffset? NextRefreshAt,
    bool HasStopped);
