using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OriginGuard.Startup;

/// <summary>Whether an endpoint asks for a signed-in user, as the framework's authorization decides it.</summary>
internal static class EndpointAuthorization
{
    /// <summary>Whoever asks for an endpoint that says nothing of authorization must be signed in.</summary>
    public static bool HasFallbackPolicy(IServiceProvider? services) => services?.GetService<IOptions<AuthorizationOptions>>()?.Value.FallbackPolicy is not null;

    public static bool AsksForUser(Endpoint endpoint, bool hasFallbackPolicy) =>
        endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
        && (hasFallbackPolicy || endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null || endpoint.Metadata.GetMetadata<AuthorizationPolicy>() is not null);
}
