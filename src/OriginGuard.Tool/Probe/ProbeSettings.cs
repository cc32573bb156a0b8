using System.Net;

namespace OriginGuard.Tool.Probe;

/// <summary>What to probe and how.</summary>
/// <param name="Url">The origin's own address.</param>
/// <param name="Header">The header in which the load balancer sends the secret.</param>
/// <param name="Timeout">For one attempt.</param>
/// <param name="RefusedStatuses">Statuses that count as a refusal, whoever gives them.</param>
/// <param name="WaitsIdle">Whether to wait how long a connection stays open, ten minutes.</param>
internal sealed record ProbeSettings(Uri Url, string Header, TimeSpan Timeout, IReadOnlyCollection<int> RefusedStatuses, bool WaitsIdle)
{
    public bool IsNamed => !IPAddress.TryParse(Url.IdnHost, out _);
}
