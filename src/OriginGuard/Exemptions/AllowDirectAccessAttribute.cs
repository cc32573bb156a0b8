namespace OriginGuard;

/// <summary>
/// Exempts an endpoint from the guard: anyone who reaches the origin reaches it. For health probes, which carry neither the secret nor an
/// assertion. It needs <c>UseRouting</c> before <c>UseOriginGuard</c>, as <c>WebApplication</c> has it unless you call <c>UseRouting</c> yourself; without
/// routing the endpoint stays guarded. So does one whose path begins with a parameter, and one with <c>RequireHost("*:port")</c> is exempt on that port alone.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method | AttributeTargets.Delegate)]
public sealed class AllowDirectAccessAttribute : Attribute;
