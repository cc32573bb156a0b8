using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace OriginGuard.Tests.Connections;

/// <summary>A connection of a transport that is not there.</summary>
internal sealed class FakeConnection(EndPoint? remote) : ConnectionContext
{
    public string? AbortReason { get; private set; }

    public override string ConnectionId { get; set; } = "fake";

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; } = null!;

    public override EndPoint? RemoteEndPoint { get; set; } = remote;

    public override void Abort(ConnectionAbortedException abortReason) => AbortReason = abortReason.Message;
}
