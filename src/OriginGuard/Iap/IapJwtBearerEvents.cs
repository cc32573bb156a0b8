using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;

namespace OriginGuard.Iap;

/// <summary>
/// The events of a scheme of IAP: our part first, then that of the application. Its object is asked and never changed, since other schemes may share it; and it is
/// asked by its methods, which a class of its own may have overridden.
/// </summary>
internal sealed class IapJwtBearerEvents : JwtBearerEvents
{
    private const int RetryAfterSeconds = 5;

    public IapJwtBearerEvents(JwtBearerEvents application)
    {
        // As delegates: what a later step of the options puts around them, or in their place, is the application's part as well.
        OnMessageReceived = application.MessageReceived;
        OnTokenValidated = application.TokenValidated;
        OnAuthenticationFailed = application.AuthenticationFailed;
        OnChallenge = application.Challenge;
        OnForbidden = application.Forbidden;
    }

    public override Task MessageReceived(MessageReceivedContext context)
    {
        Read(context);
        return context.Result is null ? AskAboutMessageAsync(context) : Task.CompletedTask;
    }

    public override Task TokenValidated(TokenValidatedContext context)
    {
        if (context.Principal?.Identity is ClaimsIdentity { IsAuthenticated: true } user)
        {
            return AskAboutUserAsync(context, user);
        }

        // AllowAnonymous: nobody has signed in, which is no failure and no user.
        context.NoResult();
        return Task.CompletedTask;
    }

    public override Task Challenge(JwtBearerChallengeContext context)
    {
        AnswerUndetermined(context);
        return OnChallenge(context);
    }

    /// <summary>An event that passes over the request turns nobody away: it leaves the scheme out.</summary>
    private async Task AskAboutMessageAsync(MessageReceivedContext context)
    {
        await AskAsync(context, OnMessageReceived).ConfigureAwait(false);
        if (context.Result is { Failure: not null })
        {
            TurnedAwayUser.TakeOff(context.HttpContext);
        }
    }

    private async Task AskAboutUserAsync(TokenValidatedContext context, ClaimsIdentity user)
    {
        await AskAsync(context, OnTokenValidated).ConfigureAwait(false);
        if (context.Result is null or { Succeeded: true })
        {
            IapIdentityHeaders.Write(context.Request.Headers, user);
        }
        else
        {
            TurnedAwayUser.TakeOff(context.HttpContext);
        }
    }

    /// <summary>Asks the application. When it throws, it has let nobody in.</summary>
    private static async Task AskAsync<TContext>(TContext context, Func<TContext, Task> application)
        where TContext : BaseContext<JwtBearerOptions>
    {
        try
        {
            await application(context).ConfigureAwait(false);
        }
        catch
        {
            TurnedAwayUser.TakeOff(context.HttpContext);
            throw;
        }
    }

    private static void Read(MessageReceivedContext context)
    {
        switch (IapVerifier.Single(context.Request.Headers[IapDefaults.AssertionHeader], out var token))
        {
            case RefusalReason.None:
                context.Token = token;
                break;
            case RefusalReason.IapMissing:
                context.NoResult(); // or JwtBearer would look for a token in Authorization
                break;
            case var reason:
                context.Fail(new IapAssertionException(reason));
                break;
        }
    }

    /// <summary>No keys yet is no fault of the caller: 503, as the guard answers it, instead of 401.</summary>
    private static void AnswerUndetermined(JwtBearerChallengeContext context)
    {
        if (context.AuthenticateFailure is IapAssertionException { Reason: RefusalReason.IapKeysUnavailable })
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            context.HandleResponse();
        }
    }
}
