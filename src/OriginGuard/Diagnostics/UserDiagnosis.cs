namespace OriginGuard.Diagnostics;

internal sealed record UserDiagnosis(string? Subject, string? Email);
