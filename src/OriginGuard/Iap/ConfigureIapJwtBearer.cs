using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace OriginGuard.Iap;

/// <summary>
/// Turns JwtBearer into the scheme of IAP, after everything that the user has configured: the user's events run behind ours and cannot
/// take their place.
/// </summary>
internal sealed class ConfigureIapJwtBearer(IapSchemes schemes) : IPostConfigureOptions<JwtBearerOptions>
{
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
        if (options.Events is not IapJwtBearerEvents)
        {
            options.Events = new IapJwtBearerEvents(options.Events ?? new JwtBearerEvents());
        }
    }
}
