using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Guard;
using OriginGuard.Startup;
using OriginGuard.Surroundings;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts the guard into the pipeline.</summary>
public static class OriginGuardApplicationBuilderExtensions
{
    /// <summary>
    /// Puts the guard into the pipeline. What stands before it also serves requests that went around the load balancer: call it first, behind error
    /// handling at most. Authentication and authorization that a <see cref="WebApplication"/> would add by itself, in front of all that the application has
    /// written, run behind the guard instead; endpoints with <c>ShortCircuit()</c> are guarded too.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application, for more middleware.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is null.</exception>
    /// <exception cref="InvalidOperationException"><c>AddOriginGuard</c> was not called.</exception>
    public static IApplicationBuilder UseOriginGuard(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var services = app.ApplicationServices;
        if (services.GetService<GuardedPipeline>() is not { } pipeline)
        {
            throw new InvalidOperationException(
                "UseOriginGuard was called, AddOriginGuard was not. Call builder.Services.AddOriginGuard(builder.Configuration) before builder.Build().");
        }

        var isPlace = pipeline.Add(app);
        return services.GetRequiredService<BuildTimeHost>().IsOne ? BuildTimeGuard.Use(app) : app.Use(Guard);

        // Runs when the pipeline is built: a host that has not started the supply by then never will.
        RequestDelegate Guard(RequestDelegate next)
        {
            services.GetRequiredService<Supply>().EnsureStarted();
            return new OriginGuardMiddleware(pipeline.Behind(app, isPlace, next), services.GetRequiredService<RequestGuard>()).InvokeAsync;
        }
    }
}
