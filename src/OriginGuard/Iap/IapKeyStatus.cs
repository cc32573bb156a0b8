namespace OriginGuard.Iap;

/// <summary>How the keys are, for the health check.</summary>
/// <param name="Count">How many are in force; 0 before the first success.</param>
/// <param name="Age">Since the last successful fetch, or null before the first.</param>
/// <param name="LastError">Why the last fetch failed, or null when it succeeded or has not ended.</param>
internal readonly record struct IapKeyStatus(int Count, TimeSpan? Age, string? LastError);
