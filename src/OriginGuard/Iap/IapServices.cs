using System.Net;
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
        services.AddOnGuardClock<IapKeySources>();
        services.AddHttpClient(IapDefaults.HttpClientName)
            .RemoveAllLoggers()

            // What the application sets for all of its clients has run by now, and what it sets for this one comes later. A retry would multiply the guard's
            // own pace and call the result a time-out; a base address or a header of the application is nothing that Google should see.
            .ConfigureAdditionalHttpMessageHandlers(static (handlers, _) => handlers.Clear())
            .ConfigureHttpClient(Reset)
            .ConfigurePrimaryHttpMessageHandler(IapKeyClient.CreateHandler);
    }

    private static void Reset(HttpClient client)
    {
        client.BaseAddress = null;
        client.DefaultRequestHeaders.Clear();
        client.DefaultRequestVersion = HttpVersion.Version11;
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        client.Timeout = Timeout.InfiniteTimeSpan; // IapKeyClient has a limit of its own
    }
}
