using System.Text.Json.Serialization;
using OriginGuard.Arming;
using OriginGuard.Learning;
using OriginGuard.References;

namespace OriginGuard.Diagnostics;

/// <summary>
/// What the guard knows about itself and about the request that asks. Settings are spelled as in the configuration, verdicts and reasons as in the
/// telemetry. Never a secret, a digest of one, an assertion or the value of a header.
/// </summary>
internal sealed record Diagnosis(
    DateTimeOffset Time,
    string Mode,
    string Platform,
    RequestDiagnosis Request,
    ArrivalDiagnosis Arrived,
    IReadOnlyList<LayerDiagnosis> Layers,
    RangesDiagnosis? Ranges,
    SecretsDiagnosis? SharedSecret,
    IapDiagnosis? Iap,
    CountsDiagnosis Counts,
    LearnedDiagnosis? Learned,
    ArmingReport Arming,
    ReferencesDiagnosis? References);

/// <summary>What the guard found out about the request that asks.</summary>
/// <param name="Verdict">The decision.</param>
/// <param name="PeerAddress">Whom the ranges were asked about.</param>
/// <param name="PeerFrom">Where that address was read.</param>
/// <param name="ForwardedForPosition">Which entry of X-Forwarded-For it was, from the right; null for the connection's own.</param>
/// <param name="MatchedNetwork">The longest network that holds it.</param>
/// <param name="ClientAddress">Who sits at the other end of the load balancer.</param>
/// <param name="SecretSlot">Which secret matched.</param>
/// <param name="User">Whom Identity-Aware Proxy signed for.</param>
internal sealed record RequestDiagnosis(
    string Verdict,
    string? PeerAddress,
    string PeerFrom,
    int? ForwardedForPosition,
    string? MatchedNetwork,
    string? ClientAddress,
    int? SecretSlot,
    UserDiagnosis? User);

/// <summary>Whom Identity-Aware Proxy signed for.</summary>
internal sealed record UserDiagnosis(string? Subject, string? Email);

/// <summary>A layer: how it is set up and why, and what it said about the request that asks.</summary>
internal sealed record LayerDiagnosis(string Layer, bool IsOn, string Mode, string Why, string? Verdict, string? Reason, string Explanation);

/// <summary>The ranges in force.</summary>
/// <param name="MaxAgeSeconds">How long ranges are trusted.</param>
/// <param name="Lists">Google's lists of networks; null when nothing is compared with them.</param>
/// <param name="Records">The records, and the configured networks under no name.</param>
internal sealed record RangesDiagnosis(long MaxAgeSeconds, ListsDiagnosis? Lists, IReadOnlyList<RecordDiagnosis> Records);

/// <summary>The lists over HTTPS that Google's record is compared with.</summary>
/// <param name="Source">fetched or built-in.</param>
/// <param name="PublishedAt">When Google published the older of the two.</param>
/// <param name="AgeSeconds">How long ago they were fetched; null for those that are built in.</param>
/// <param name="LastError">Why the last fetch failed.</param>
internal sealed record ListsDiagnosis(string Source, DateTimeOffset PublishedAt, long? AgeSeconds, string? LastError);

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
/// <param name="Corroboration">What Google's lists say: confirmed, likely (old lists hold them), doubted (old lists do not); null when they are not asked.</param>
/// <param name="Objection">What they doubt, and why.</param>
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
    bool HasStopped,
    string? Corroboration,
    string? Objection);

/// <summary>How many secrets there are and which of them are in use since they changed last; nothing of what they are.</summary>
internal sealed record SecretsDiagnosis(string HeaderName, DateTimeOffset Since, string? Rotation, string? RotationStep, IReadOnlyList<SlotDiagnosis> Slots);

/// <summary>How often one secret matched, and when it was seen last.</summary>
internal sealed record SlotDiagnosis(int Slot, long Matches, DateTimeOffset? LastSeen);

/// <summary>What assertions are compared with, and the keys that their signatures are verified by.</summary>
internal sealed record IapDiagnosis(IReadOnlyList<string> Audiences, string? ProjectNumber, int Keys, long? KeysAgeSeconds, string? KeysLastError);

/// <summary>What seals references, and the one that was asked about.</summary>
/// <param name="KeyId">Tells the key apart from others; stands in each reference.</param>
/// <param name="IsOfProcess">The key was made by this process, and nobody else opens what it seals.</param>
/// <param name="Opened">The reference in the query, in words.</param>
/// <param name="Problem">Why it does not open.</param>
internal sealed record ReferencesDiagnosis(string KeyId, bool IsOfProcess, Explanation? Opened, string? Problem);

/// <summary>The verdicts since the application started.</summary>
internal sealed record CountsDiagnosis(DateTimeOffset Since, IReadOnlyList<CountDiagnosis> Requests);

/// <summary>How often a verdict was given for a reason: carried out, and only reported.</summary>
internal sealed record CountDiagnosis(string Verdict, string? Reason, long Enforced, long Reported);

// The encoder stays the default one, which writes no sign that could begin a tag: what a client chose stands in some of these texts.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Diagnosis))]
internal sealed partial class DiagnosisJson : JsonSerializerContext;
