using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace OriginGuard.Surroundings;

/// <summary>Registers the logs of the guard.</summary>
internal static class SteadyLoggerServices
{
    /// <summary>Whoever asks for the log of this class gets a steady one; other categories stay as they are.</summary>
    public static void AddSteadyLogger<T>(this IServiceCollection services) =>
        services.TryAddSingleton<ILogger<T>>(static provider => new SteadyLogger<T>(provider.GetRequiredService<ILoggerFactory>()));
}
