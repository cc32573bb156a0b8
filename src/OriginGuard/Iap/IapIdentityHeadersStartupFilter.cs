using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace OriginGuard.Iap;

/// <summary>
/// Takes the unsigned headers off before all middleware, for an application that has the scheme and perhaps no guard. The scheme itself is asked
/// late, and only where somebody wants to know the user; a header that names one must not wait for that.
/// </summary>
internal sealed class IapIdentityHeadersStartupFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static following => context =>
        {
            IapIdentityHeaders.Remove(context.Request.Headers);
            return following(context);
        });
        next(app);
    };
}
