using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OriginGuard.Checks;
using OriginGuard.Guard;

namespace OriginGuard.Diagnostics;

/// <summary>
/// The guard's own health: the worst of its place in the pipeline and of its layers. Unhealthy: requests get 503, or a refresh has ended. Degraded:
/// it works from something older or other than what it should, or only reports.
/// </summary>
internal sealed class OriginGuardHealthCheck(GuardPlans plans, GuardedPipeline pipeline, UnaskedAnswers unasked) : IHealthCheck
{
    /// <summary>The check of an application. One that has no guard is told so by the check, and not by an error that takes all the other checks along.</summary>
    public static IHealthCheck Of(IServiceProvider services) => services.GetService<GuardPlans>() is { } plans
        ? new OriginGuardHealthCheck(plans, services.GetRequiredService<GuardedPipeline>(), services.GetRequiredService<UnaskedAnswers>())
        : new NoGuard();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var plan = plans.Current;
        HealthCheckResult[] results = [Place(plan), .. plan.Layers.Where(static layer => layer.IsOn).Select(static layer => Health(layer))];
        var complaints = string.Join(" ", results.Select(static result => result.Description).OfType<string>());
        return Task.FromResult(new HealthCheckResult(
            results.Min(static result => result.Status),
            complaints.Length == 0 ? "The guard has what it needs." : complaints,
            data: results.SelectMany(static result => result.Data).ToDictionary()));
    }

    /// <summary>A layer that only reports refuses nobody, so that nothing of it is a reason to take the origin out of service.</summary>
    private static HealthCheckResult Health(Layer layer)
    {
        var result = layer.Health();
        return layer.Mode is LayerMode.Enforce || result.Status is not HealthStatus.Unhealthy
            ? result
            : new HealthCheckResult(HealthStatus.Degraded, result.Description, result.Exception, result.Data);
    }

    private HealthCheckResult Place(GuardPlan plan)
    {
        if (plan.IsDisabled)
        {
            return HealthCheckResult.Healthy();
        }

        string[] faults = [.. pipeline.Faults];
        if (faults.Length > 0)
        {
            return new HealthCheckResult(plan.IsEnforced ? HealthStatus.Unhealthy : HealthStatus.Degraded, string.Join(" ", faults));
        }

        // Degraded and no more: whoever sends the request must not be able to have the origin taken out of service.
        return unasked.Any ? HealthCheckResult.Degraded("Something in front of the guard has answered a request (4016).") : HealthCheckResult.Healthy();
    }

    private sealed class NoGuard : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(HealthCheckResult.Unhealthy(
            "AddHealthChecks().AddOriginGuard() was called, services.AddOriginGuard(builder.Configuration) was not: there is no guard."));
    }
}
