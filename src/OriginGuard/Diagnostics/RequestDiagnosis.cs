namespace OriginGuard.Diagnostics;

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
