using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Iap;

namespace OriginGuard.Guard;

/// <summary>
/// Gives an admitted request the user of its assertion. Where a scheme of the application's own has found somebody, that one stays: who is authorised and who
/// acts must be one and the same, and the application knows best whom it has signed in.
/// </summary>
internal static class SignedInUser
{
    /// <summary>Whom the application has turned away in front of the guard does not come back by it.</summary>
    public static Task GoOnAsync(GuardedRequest request, ClaimsPrincipal user) =>
        TurnedAwayUser.IsOf(request.Context) ? request.GoOn() : GoOnWithAsync(request, user);

    private static async Task GoOnWithAsync(GuardedRequest request, ClaimsPrincipal user)
    {
        var context = request.Context;
        if (request.IsOver)
        {
            return;
        }

        IapIdentityHeaders.Write(context.Request.Headers, user.Identity as ClaimsIdentity);
        if (context.User.Identity?.IsAuthenticated is not true)
        {
            request.BeginWait();
            var (transformed, isOver) = await request.EndWaitAsync(TransformAsync(context, user)).ConfigureAwait(false);
            if (isOver)
            {
                return;
            }

            context.User = transformed;
            request.GivenUser = transformed;
        }

        await request.GoOn().ConfigureAwait(false);
    }

    /// <summary>As the framework does with the user of a scheme: roles that an application adds to its users are added to this one, too.</summary>
    private static async ValueTask<ClaimsPrincipal> TransformAsync(HttpContext context, ClaimsPrincipal user) =>
        user.Identity?.IsAuthenticated is true && context.RequestServices?.GetService<IClaimsTransformation>() is { } transformation
            ? await transformation.TransformAsync(user).ConfigureAwait(false)
            : user;
}
