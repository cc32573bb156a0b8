namespace OriginGuard.SharedSecret;

/// <summary>How much a secret is in use since it came into force.</summary>
/// <param name="Matches">Requests that went on by it.</param>
/// <param name="LastSeen">When the last of them was, within the five seconds of a look; null for none.</param>
internal readonly record struct SecretUse(long Matches, DateTimeOffset? LastSeen);
