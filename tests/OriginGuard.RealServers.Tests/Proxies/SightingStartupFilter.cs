using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace OriginGuard.RealServers.Tests.Proxies;

/// <summary>Looks at each request before the guard notes its arrival and takes the secret off.</summary>
internal sealed class SightingStartupFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static following => context =>
        {
            Sighting.Report(context);
            return following(context);
        });
        next(app);
    };
}
