using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OriginGuard.Surroundings;

namespace OriginGuard.Iap;

/// <summary>The services that the guard's layer and the authentication scheme share.</summary>
internal static class IapServices
{
    /// <summary>Registers the key sources and their HTTP client, once.</summary>
    public static void AddIapKeys(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(IapKeySources)))
        {
            return; // a second registration of the client would undo what the user has changed in between
        }

        services.AddLogging();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddGuardClock();
        services.TryAddSingleton(BuildTimeHost.Current);
        services.AddSteadyLogger<IapKeySource>();
        services.AddSteadyLogger<IapVerifier>();
        services.AddSteadyLogger<IapSchemes>();
        services.AddOnGuardClock<IapKeySources>();
        services.AddHttpDocumentClient(IapDefaults.HttpClientName);
    }
}
