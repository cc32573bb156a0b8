using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Coyote.Specifications;

namespace OriginGuard.Coyote;

/// <summary>A connection that lasts until the test ends it, and that nobody may ask twice to end.</summary>
internal sealed class OpenedConnection : ConnectionContext, IConnectionLifetimeNotificationFeature
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requests;

    public OpenedConnection(IPAddress peer)
    {
        RemoteEndPoint = new IPEndPoint(peer, 40_000);
        Features.Set<IConnectionLifetimeNotificationFeature>(this);
    }

    public Task Held { get; set; } = Task.CompletedTask;

    public Task Ended => _ended.Task;

    /// <summary>A bug when it never ends: the peer is outside, was let in, and nobody has noticed.</summary>
    public Task AskedOrRefused => Task.WhenAny([_asked.Task, Held]);

    public CancellationToken ConnectionClosedRequested { get; set; }

    public override string ConnectionId { get; set; } = "opened";

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; } = null!;

    public void End() => _ended.SetResult();

    public void RequestClose()
    {
        Specification.Assert(Interlocked.Increment(ref _requests) == 1, "A connection was asked twice to end.");
        _asked.SetResult();
    }
}
