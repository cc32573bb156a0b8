using Microsoft.Extensions.DependencyInjection;

namespace OriginGuard;

/// <summary>What <c>AddOriginGuard</c> returns: where further registrations of the guard hang.</summary>
public sealed class OriginGuardBuilder
{
    internal OriginGuardBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services that the guard was registered in.</summary>
    public IServiceCollection Services { get; }
}
