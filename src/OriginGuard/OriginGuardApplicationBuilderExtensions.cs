using Microsoft.Extensions.DependencyInjection;
using OriginGuard;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts the guard into the pipeline.</summary>
public static class OriginGuardApplicationBuilderExtensions
{
    /// <summary>
    /// Puts the guard into the pipeline. What stands before it also serves requests that went around the load balancer: call it first, behind error
    /// handling at most.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application, for more middleware.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is null.</exception>
    /// <exception cref="InvalidOperationException"><c>AddOriginGuard</c> was not called.</exception>
    public static IApplicationBuilder UseOriginGuard(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.ApplicationServices.GetService<IServiceProviderIsService>()?.IsService(typeof(OptionsInForce)) is false)
        {
            throw new InvalidOperationException(
                "UseOriginGuard was called, AddOriginGuard was not. Call builder.Services.AddOriginGuard(builder.Configuration) before builder.Build().");
        }

        app.ApplicationServices.GetRequiredService<GuardedPipeline>().HasGuard = true;
        return app.UseMiddleware<OriginGuardMiddleware>();
    }
}
