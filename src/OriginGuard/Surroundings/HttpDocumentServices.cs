using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace OriginGuard.Surroundings;

/// <summary>Registers the guard's own HTTP clients.</summary>
internal static class HttpDocumentServices
{
    // A name is resolved anew that often, whatever lifetime the application sets for all of its handlers.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    /// <summary>Registers a client once: a second registration would undo what the user has changed in between.</summary>
    public static void AddHttpDocumentClient(this IServiceCollection services, string name) => services.AddHttpClient(name)
        .RemoveAllLoggers()

        // What the application sets for all of its clients has run by now, and what it sets for this one comes later. A retry would multiply the guard's
        // own pace and call the result a time-out; a base address or a header of the application is nothing that Google should see.
        .ConfigureAdditionalHttpMessageHandlers(static (handlers, _) => handlers.Clear())
        .ConfigureHttpClient(Reset)
        .ConfigurePrimaryHttpMessageHandler(CreateHandler);

    public static SocketsHttpHandler CreateHandler()
    {
        var handler = OwnHandler.Create();
        (handler.ConnectTimeout, handler.PooledConnectionLifetime) = (HttpDocumentClient.Timeout, Lifetime);
        return handler;
    }

    private static void Reset(HttpClient client)
    {
        client.BaseAddress = null;
        client.DefaultRequestHeaders.Clear();
        client.DefaultRequestVersion = HttpVersion.Version11;
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        client.Timeout = Timeout.InfiniteTimeSpan; // HttpDocumentClient has a limit of its own
    }
}
