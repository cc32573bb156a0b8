using Microsoft.Extensions.Hosting;

namespace OriginGuard;

/// <summary>Lets the supply begin before the server listens, and end with the application. At build time there is none.</summary>
internal sealed class OriginGuardHostedService(Supply? supply) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => StartAsync(cancellationToken);

    // Hosts of the former generation know this call alone.
    public Task StartAsync(CancellationToken cancellationToken) => supply?.StartAsync(cancellationToken) ?? Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        supply?.Started();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => supply?.StopAsync(cancellationToken) ?? Task.CompletedTask;
}
