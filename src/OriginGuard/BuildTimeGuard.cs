using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OriginGuard;

/// <summary>Stands in the pipeline of a build-time host in the guard's place: needs nothing, and lets nobody in.</summary>
internal static partial class BuildTimeGuard
{
    public static IApplicationBuilder Use(IApplicationBuilder app)
    {
        Log.NotStartedAtBuildTime(app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(BuildTimeGuard)));
        return app.Use(static _ => static context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
    }
}
