namespace OriginGuard.Diagnostics;

/// <summary>How often a verdict was given for a reason: carried out, and only reported.</summary>
internal sealed record CountDiagnosis(string Verdict, string? Reason, long Enforced, long Reported);
