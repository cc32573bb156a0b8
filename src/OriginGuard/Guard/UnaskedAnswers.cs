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
        if (!request.IsAsked && pipeline.HasGuard && !request.Plan.IsDisabled && Serves(request.Context.Response.StatusCode) && !IsGivenUp(request.Context))
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

    /// <summary>Errors serve nothing, but a challenge is an answer of the application's; 307 and 308 send a request to https and tell nothing.</summary>
    private static bool Serves(int status) =>
        status is < StatusCodes.Status400BadRequest and not (StatusCodes.Status307TemporaryRedirect or StatusCodes.Status308PermanentRedirect)
            or StatusCodes.Status401Unauthorized;
}
