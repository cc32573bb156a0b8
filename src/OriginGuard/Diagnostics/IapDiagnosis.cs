namespace OriginGuard.Diagnostics;

/// <summary>What assertions are compared with, and the keys that their signatures are verified by.</summary>
internal sealed record IapDiagnosis(IReadOnlyList<string> Audiences, string? ProjectNumber, int Keys, long? KeysAgeSeconds, string? KeysLastError);
