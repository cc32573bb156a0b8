using OriginGuard;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Exempts endpoints from the guard.</summary>
public static class OriginGuardEndpointConventionBuilderExtensions
{
    /// <summary>Exempts an endpoint: <c>app.MapHealthChecks("/healthz").AllowDirectAccess()</c>. See <see cref="AllowDirectAccessAttribute"/>.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group of endpoints.</param>
    /// <returns>The same endpoint, for more conventions.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static TBuilder AllowDirectAccess<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Add(static endpoint => endpoint.Metadata.Add(new AllowDirectAccessAttribute()));
        return builder;
    }
}
