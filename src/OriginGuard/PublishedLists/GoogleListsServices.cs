using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Surroundings;

namespace OriginGuard.PublishedLists;

/// <summary>The services that fetch Google's lists.</summary>
internal static class GoogleListsServices
{
    public static void AddGoogleLists(this IServiceCollection services)
    {
        services.AddOnGuardClock<GoogleLists>();
        services.AddHttpDocumentClient(SourceAddressOptions.HttpClientName);
    }
}
