using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Diagnostics;
using OriginGuard.Guard;
using OriginGuard.Startup;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps what the guard says about itself.</summary>
public static class OriginGuardEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps a page for operators, and the same as JSON: layers, ranges, secrets (how many, never which), keys, counts by reason, and the verdict on the very request.
    /// It answers only to a request that the guard has admitted; every other gets 403. Unless IAP enforces, every visitor of the site is admitted, may read it and have references
    /// opened: add <c>RequireAuthorization()</c>, and <c>AddAuthorization()</c> to the services.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path; <c>/_originguard</c> by default.</param>
    /// <returns>The endpoint, for more conventions.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException"><c>AddOriginGuard</c> was not called.</exception>
    public static IEndpointConventionBuilder MapOriginGuardDiagnostics(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/_originguard")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        if (endpoints.ServiceProvider.GetService<GuardedPipeline>() is null)
        {
            throw new InvalidOperationException(
                "MapOriginGuardDiagnostics was called, AddOriginGuard was not. Call builder.Services.AddOriginGuard(builder.Configuration) before builder.Build().");
        }

        return endpoints.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], DiagnosticsEndpoint.AnswerAsync).WithDisplayName(OpenDiagnostics.EndpointName);
    }
}
