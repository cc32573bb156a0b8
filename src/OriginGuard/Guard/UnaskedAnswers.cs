using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OriginGuard.Guard;

/// <summary>Notices requests that were answered without the guard: by middleware in front of it, or past it where it stands in a branch.</summary>
internal sealed partial class UnaskedAnswers(GuardedPipeline pipeline, ILogger<UnaskedAnswers> logger)
{
    // Without the guard, a fallback policy would have held there.
    private const string Unauthorized = " Authorization that the framework adds does not protect it either: it runs behind the guard.";

    private int _loudest = (int)LogLevel.Debug;

    /// <summary>Whether it has happened since the start.</summary>
    public bool Any => Volatile.Read(ref _loudest) != (int)LogLevel.Debug;

    public async Task WatchAsync(GuardedRequest request, Task answer)
    {
        await answer.ConfigureAwait(false);
        if (!request.IsAsked && pipeline.HasGuard && !request.Plan.IsDisabled && Serves(request.Context) && !IsGivenUp(request.Context))
        {
            var level = LevelNow(request.Plan.IsEnforced ? LogLevel.Error : LogLevel.Warning);
            Log.AnsweredUnasked(logger, level, request.Context.Response.StatusCode, pipeline.HasMovedAuthorization ? Unauthorized : "");
        }
    }

    /// <summary>The first one is loud, and the first after the guard was armed. Who sends many of them must not fill the log.</summary>
    private LogLevel LevelNow(LogLevel loud) =>
        Volatile.Read(ref _loudest) < (int)loud && Interlocked.Exchange(ref _loudest, (int)loud) < (int)loud ? loud : LogLevel.Debug;

    /// <summary>The client has hung up before there was an answer, in the queue of a limiter for one: the status is the one that every answer begins with.</summary>
    private static bool IsGivenUp(HttpContext context) => !context.Response.HasStarted && context.RequestAborted.IsCancellationRequested;

    /// <summary>Errors serve nothing, but a challenge is an answer of the application's; who is only sent to https learns nothing.</summary>
    private static bool Serves(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status307TemporaryRedirect or StatusCodes.Status308PermanentRedirect => false,
        StatusCodes.Status301MovedPermanently or StatusCodes.Status302Found => !IsSentToHttps(context),
        var status => status is < StatusCodes.Status400BadRequest or StatusCodes.Status401Unauthorized,
    };

    /// <summary>To the address that was asked for, as <c>UseRewriter</c> does it, and not to one that the application has chosen.</summary>
    private static bool IsSentToHttps(HttpContext context) =>
        Uri.TryCreate(context.Response.Headers.Location.ToString(), UriKind.Absolute, out var to) && to.Scheme == Uri.UriSchemeHttps && !context.Request.IsHttps
        && string.Equals(to.Host, context.Request.Host.Host, StringComparison.OrdinalIgnoreCase)
        && to.AbsolutePath == (context.Request.PathBase + context.Request.Path).ToUriComponent();
}
