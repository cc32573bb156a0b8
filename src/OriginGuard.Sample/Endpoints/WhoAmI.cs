using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

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
            context.Request.Headers.ToDictionary(static header => header.Key, static header => header.Value.ToArray()));
    }
}
