using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace OriginGuard.Guard;

/// <summary>
/// Notes each request as it arrives, before the first middleware can rewrite it. It must be the first startup filter: the framework inserts its
/// forwarded-headers middleware by one, too. The host makes it with its services, before mistakes of the configuration are told: what needs the
/// configuration is made with the pipeline.
/// </summary>
internal sealed class ArrivalStartupFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        var requests = app.ApplicationServices.GetRequiredService<GuardedRequests>();
        var unasked = app.ApplicationServices.GetRequiredService<UnaskedAnswers>();
        app.ApplicationServices.GetRequiredService<GuardedPipeline>().Begin(app, this);
        app.Use(following => context =>
        {
            var request = requests.Arrive(context);
            var answer = following(context);
            return request.IsAsked ? answer : unasked.WatchAsync(request, answer);
        });
        next(app);
    };
}
