using Microsoft.Extensions.Hosting;

namespace OriginGuard.Surroundings;

/// <summary>
/// A service that begins before the server listens, and ends when it has stopped. Hosts of the former generation know <see cref="StartAsync"/> and
/// <see cref="StopAsync"/> alone, and call the second when their server has stopped.
/// </summary>
internal abstract class HostLifetimeService : IHostedLifecycleService
{
    private bool _hasBegun;
    private bool _isStopping;

    public Task StartingAsync(CancellationToken cancellationToken) => StartAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_hasBegun)
        {
            return Task.CompletedTask;
        }

        _hasBegun = true;
        return BeginAsync(cancellationToken);
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Listens();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        return Task.CompletedTask;
    }

    // Whoever has told before calls once more when the server has stopped.
    public Task StopAsync(CancellationToken cancellationToken) => _isStopping ? Task.CompletedTask : StoppedAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => EndAsync(cancellationToken);

    /// <summary>The server does not listen yet. Called once.</summary>
    protected abstract Task BeginAsync(CancellationToken cancellationToken);

    /// <summary>The server listens; hosts of the former generation do not say so.</summary>
    protected virtual void Listens()
    {
    }

    /// <summary>The server has stopped.</summary>
    protected abstract Task EndAsync(CancellationToken cancellationToken);
}
