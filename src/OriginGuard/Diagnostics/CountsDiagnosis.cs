namespace OriginGuard.Diagnostics;

/// <summary>The verdicts since the application started.</summary>
internal sealed record CountsDiagnosis(DateTimeOffset Since, IReadOnlyList<CountDiagnosis> Requests);
