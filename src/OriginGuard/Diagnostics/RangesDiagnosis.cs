namespace OriginGuard.Diagnostics;

/// <summary>The ranges in force. The configured networks stand among the records, under no name.</summary>
internal sealed record RangesDiagnosis(long MaxAgeSeconds, IReadOnlyList<RecordDiagnosis> Records);
