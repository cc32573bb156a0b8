using OriginGuard.Learning;

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
    IReadOnlyList<LayerDiagnosis> Layers,
    RangesDiagnosis? Ranges,
    SecretsDiagnosis? SharedSecret,
    IapDiagnosis? Iap,
    CountsDiagnosis Counts,
    LearnedDiagnosis? Learned);
