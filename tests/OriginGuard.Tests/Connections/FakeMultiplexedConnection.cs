using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace OriginGuard.Tests.Connections;

/// <summary>A connection of HTTP/3, of which only what the guard looks at is there.</summary>
internal sealed class FakeMultiplexedConnection(EndPoint? remote) : MultiplexedConnectionContext
{
    public override string ConnectionId { get; set; } = "fake";

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override EndPoint? RemoteEndPoint { get; set; } = remote;

    public override void Abort()
    {
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
    }

    public override ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public override ValueTask<ConnectionContext> ConnectAsync(IFeatureCollection? features = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
