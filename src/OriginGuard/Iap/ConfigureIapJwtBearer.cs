using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace OriginGuard.Iap;

/// <summary>
/// Turns JwtBearer into the scheme of IAP, after everything that the user has configured: the user's events run behind ours and cannot
/// take their place.
/// </summary>
internal sealed class ConfigureIapJwtBearer(IapSchemes schemes) : IPostConfigureOptions<JwtBearerOptions>
{
    private const int RetryAfterSeconds = 5;

    public void PostConfigure(string? name, JwtBearerOptions options)
    {
        if (schemes.Find(name) is not { } verifier)
        {
            return;
        }

        if (options.EventsType is not null)
        {
            throw new InvalidOperationException(
                $"JwtBearerOptions.EventsType is set for the scheme {name}; IAP needs its own events there. "
                + "Set JwtBearerOptions.Events instead.");
        }

        options.UseSecurityTokenValidators = false;
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(new IapTokenHandler(verifier));

        // The assertion is good for ten minutes to whoever holds it: it does not go into the ticket, nor its details into the answer.
        options.SaveToken = false;
        options.IncludeErrorDetails = false;
        options.Challenge = IapDefaults.AuthenticationScheme;
        Wrap(options.Events ??= new JwtBearerEvents());
    }

    private static void Wrap(JwtBearerEvents events)
    {
        var (received, validated, challenge) = (events.OnMessageReceived, events.OnTokenValidated, events.OnChallenge);
        events.OnMessageReceived = context =>
        {
            Read(context);
            return context.Result is null ? received(context) : Task.CompletedTask;
        };
        events.OnTokenValidated = context => ValidatedAsync(context, validated);
        events.OnChallenge = context =>
        {
            AnswerUndetermined(context);
            return challenge(context);
        };
    }

    private static async Task ValidatedAsync(TokenValidatedContext context, Func<TokenValidatedContext, Task> validated)
    {
        if (context.Principal?.Identity is not ClaimsIdentity { IsAuthenticated: true } user)
        {
            // AllowAnonymous: nobody has signed in, which is no failure and no user.
            context.NoResult();
            return;
        }

        await validated(context);

        // Whom the user's event turns away is not named to the rest of the application either.
        if (context.Result is null or { Succeeded: true })
        {
            IapIdentityHeaders.Write(context.Request.Headers, user);
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
