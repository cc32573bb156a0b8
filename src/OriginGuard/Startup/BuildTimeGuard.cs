using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OriginGuard.Startup;

/// <summary>Stands in a build-time host in the guard's place, in front of everything: needs nothing, and lets nobody in.</summary>
internal sealed partial class BuildTimeGuard(ILogger<BuildTimeGuard> logger) : IStartupFilter
{
    public static IApplicationBuilder Use(IApplicationBuilder app) => app.Use(static _ => static context =>
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    });

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        Log.NotStartedAtBuildTime(logger);
        next(Use(app));
    };
}
