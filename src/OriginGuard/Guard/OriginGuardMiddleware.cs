using Microsoft.AspNetCore.Http;

namespace OriginGuard.Guard;

/// <summary>The place of the guard in the pipeline.</summary>
internal sealed class OriginGuardMiddleware(RequestDelegate next, RequestGuard guard)
{
    public Task InvokeAsync(HttpContext context) => guard.InvokeAsync(context, next);
}
