using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OriginGuard.Guard;

/// <summary>
/// Says 403 to a user of the guard who may not do what he asks for. The framework leaves that answer to an authentication scheme. Where IAP is a layer of the guard and no
/// scheme is registered, nobody can give it, and the framework would throw (500).
/// </summary>
internal sealed class AuthorizationAnswers : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _framework = new();

    /// <summary>In the place of the framework's own, and of none that the application has brought.</summary>
    public static void Register(IServiceCollection services)
    {
        if (!services.Any(static service => service.ServiceType == typeof(IAuthorizationMiddlewareResultHandler) && service.ImplementationType != typeof(AuthorizationMiddlewareResultHandler)))
        {
            services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationAnswers>();
        }
    }

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded || context.Features[typeof(GuardedRequest)] is not GuardedRequest { HasPassed: true, Plan.IsIdentityTaken: true }
            || await HasSchemeAsync(context, policy, authorizeResult).ConfigureAwait(false))
        {
            await _framework.HandleAsync(next, context, policy, authorizeResult).ConfigureAwait(false);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = ProblemJson.ContentType;
        await context.Response.Body.WriteAsync(ProblemJson.Write(StatusCodes.Status403Forbidden), context.RequestAborted).ConfigureAwait(false);
    }

    private static async ValueTask<bool> HasSchemeAsync(HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult result) =>
        policy.AuthenticationSchemes.Count > 0
        || (context.RequestServices.GetService<IAuthenticationSchemeProvider>() is { } schemes
            && (result.Forbidden ? await schemes.GetDefaultForbidSchemeAsync().ConfigureAwait(false) : await schemes.GetDefaultChallengeSchemeAsync().ConfigureAwait(false)) is not null);
}
