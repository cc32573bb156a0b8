using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace OriginGuard;

/// <summary>
/// Notes each request as it arrives, before the first middleware can rewrite it. It must be the first startup filter: the framework inserts its
/// forwarded-headers middleware by one, too.
/// </summary>
internal sealed class ArrivalStartupFilter(GuardedRequests requests, GuardedPipeline pipeline, UnaskedAnswers unasked) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        pipeline.Begin(app);
        app.Use(following => context =>
        {
            var request = requests.Arrive(context);
            var answer = following(context);
            return request.IsAsked ? answer : unasked.WatchAsync(request, answer);
        });
        next(app);
    };
}
