using Microsoft.AspNetCore.Connections.Features;

namespace OriginGuard.Tests.Connections;

/// <summary>Counts how often a connection was asked to end; the first time it may fail.</summary>
internal sealed class FakeLifetime(bool fails = false) : IConnectionLifetimeNotificationFeature
{
    public int Requests { get; private set; }

    public CancellationToken ConnectionClosedRequested { get; set; }

    public void RequestClose()
    {
        Requests++;
        if (fails)
        {
            throw new AggregateException("a callback has thrown");
        }
    }
}
