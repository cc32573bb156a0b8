using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace OriginGuard.Sample.Endpoints;

/// <summary>What the guard found and what the application sees, as <c>/whoami</c> answers it.</summary>
internal sealed record WhoAmI(
    string Verdict,
    string? Reason,
    string? PeerAddress,
    string? ClientAddress,
    string? RemoteAddress,
    string Scheme,
    string? MatchedNetwork,
    int? SecretSlot,
    SignedInUser? User,
    IReadOnlyDictionary<string, string?[]> Headers)
{
    public static WhoAmI Of(HttpContext context)
    {
        // The name with which the guard began, and the one that is configured now: a change that it refuses leaves the first in force.
        string?[] secret =
        [
            context.RequestServices.GetRequiredService<IOptions<OriginGuardOptions>>().Value.SharedSecret.HeaderName,
            context.RequestServices.GetRequiredService<IConfiguration>()[$"{OriginGuardOptions.SectionName}:SharedSecret:HeaderName"],
        ];
        var found = context.Features.GetRequiredFeature<IOriginGuardFeature>();
        return new WhoAmI(
            JsonNamingPolicy.CamelCase.ConvertName(found.Verdict.Outcome.ToString()),
            found.Verdict.Code,
            found.PeerAddress?.ToString(),
            found.ClientAddress?.ToString(),
            context.Connection.RemoteIpAddress?.ToString(),
            context.Request.Scheme,
            found.MatchedNetwork?.ToString(),
            found.SecretSlot,
            SignedInUser.Of(context.User),
            context.Request.Headers.ToDictionary(
                static header => header.Key, header => secret.Contains(header.Key, StringComparer.OrdinalIgnoreCase) ? Mask(header.Value) : header.Value.ToArray()));
    }

    // A guard that only reports leaves the secret in the request, and whoever comes through the load balancer would read it here.
    private static string?[] Mask(StringValues values) => [.. values.Select(static _ => "(not shown)")];
}
