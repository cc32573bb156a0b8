using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace OriginGuard.Startup;

/// <summary>
/// Kestrel, for an application that is told to stop while it starts. The guard's first load makes a start long enough for that to happen, and the framework
/// then ends the process by an unhandled exception of the server, as if it had crashed. Here the server just does not begin to listen, and the host ends in order.
/// </summary>
internal sealed class InterruptibleServer(IServer server, IHostApplicationLifetime? lifetime) : IServer
{
    /// <summary>The assembly that Kestrel is in.</summary>
    public const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel.Core";

    public IFeatureCollection Features => server.Features;

    /// <summary>Puts it in Kestrel's place, if Kestrel is the server so far. Another one that comes later, such as a test server, takes the place as usual.</summary>
    public static void Register(IServiceCollection services)
    {
        if (services.LastOrDefault(static service => service.ServiceType == typeof(IServer)) is { ImplementationType: { } type, Lifetime: ServiceLifetime.Singleton } descriptor
            && type.Assembly.GetName().Name == Kestrel)
        {
            services[services.IndexOf(descriptor)] = ServiceDescriptor.Singleton<IServer>(provider => new InterruptibleServer(
                (IServer)ActivatorUtilities.CreateInstance(provider, type), provider.GetService<IHostApplicationLifetime>()));
        }
    }

    public async Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        try
        {
            await server.StartAsync(application, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (lifetime?.ApplicationStopping.IsCancellationRequested is true)
        {
            // It listens nowhere, and what has begun ends with the stop that follows.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    public void Dispose() => server.Dispose();
}
