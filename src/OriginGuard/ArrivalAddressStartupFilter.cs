using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using OriginGuard.Ranges;

namespace OriginGuard;

/// <summary>
/// Notes the peer's address before the first middleware, where the server shows no socket. It must be the first startup filter: the framework
/// inserts its forwarded-headers middleware by one, too.
/// </summary>
internal sealed class ArrivalAddressStartupFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static following => context =>
        {
            if (context.Features[typeof(IConnectionSocketFeature)] is null)
            {
                context.Features.Set(new ArrivalAddress(context.Connection.RemoteIpAddress));
            }

            return following(context);
        });
        next(app);
    };
}
