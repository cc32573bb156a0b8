namespace OriginGuard.Endurance.Load;

/// <summary>What is in force.</summary>
/// <param name="IsIn">The record holds the peer that comes and goes.</param>
/// <param name="IsChanging">It is about to: the old verdict and the new one are right.</param>
/// <param name="Secret">The secret that the load balancer sends.</param>
/// <param name="Removed">A secret that was valid once.</param>
/// <param name="Assertion">The assertion that the load balancer sends.</param>
internal sealed record Moment(bool IsIn, bool IsChanging, string Secret, string Removed, string Assertion);
