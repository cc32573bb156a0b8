namespace OriginGuard.Ranges;

/// <summary>How the refreshing of one record goes, for health and diagnosis. Immutable.</summary>
internal sealed record RecordStatus(string Name, DateTimeOffset? LastAttempt, string? LastError, DateTimeOffset? NextAttempt, bool HasStopped);
