using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace OriginGuard.Surroundings;

/// <summary>Registers what goes by the guard's clock.</summary>
internal static class GuardClockServices
{
    public static void AddGuardClock(this IServiceCollection services) => services.TryAddSingleton(new GuardClock(TimeProvider.System));

    /// <summary>Registers a class once; the <see cref="TimeProvider"/> of its constructor is the guard's and not the application's.</summary>
    public static void AddOnGuardClock<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this IServiceCollection services)
        where T : class =>
        services.TryAddSingleton(static provider => ActivatorUtilities.CreateInstance<T>(provider, provider.GetRequiredService<GuardClock>().Time));
}
