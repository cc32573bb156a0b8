using Microsoft.Extensions.Diagnostics.HealthChecks;
using OriginGuard.Diagnostics;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the guard's health to the application's.</summary>
public static class OriginGuardHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds the health of the guard: whether it stands where it must, where its ranges come from, how old they are, what the last refresh said, and its IAP keys. Unhealthy when
    /// requests get 503 or the guard is not asked first; degraded when a layer only reports that they would, when something in front of the guard has answered a request, and when it works
    /// from a snapshot, from built-in ranges or from ones that have reached half of their age limit.
    /// </summary>
    /// <remarks>Without <c>services.AddOriginGuard</c> the check is unhealthy, and says so.</remarks>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="name">The name of the check; <c>originguard</c> by default.</param>
    /// <param name="tags">Tags by which an endpoint chooses its checks.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHealthChecksBuilder AddOriginGuard(this IHealthChecksBuilder builder, string name = "originguard", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name, OriginGuardHealthCheck.Of, failureStatus: null, tags ?? []));
    }
}
