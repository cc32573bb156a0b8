using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace OriginGuard.Connections;

/// <summary>The guard's place in the pipelines of one listener: the one of TCP and the multiplexed one of HTTP/3.</summary>
internal sealed class ListenerGuard(ConnectionGuard guard, EndPoint listener)
{
    private int _hasWarned;

    public ConnectionDelegate Before(ConnectionDelegate next)
    {
        Func<ConnectionContext, Task> following = next.Invoke;
        return connection =>
        {
            if (ConnectionGuard.HasDecided(connection))
            {
                return next(connection);
            }

            WarnAfterTls(connection);
            return guard.Guard(connection, following);
        };
    }

    // No warning here: the handshake of QUIC is the transport's, and comes before any connection middleware.
    public MultiplexedConnectionDelegate Before(MultiplexedConnectionDelegate next)
    {
        Func<MultiplexedConnectionContext, Task> following = next.Invoke;
        return connection => ConnectionGuard.HasDecided(connection) ? next(connection) : guard.Guard(connection, following);
    }

    private void WarnAfterTls(ConnectionContext connection)
    {
        if (connection.Features.Get<ITlsHandshakeFeature>() is not null && Interlocked.Exchange(ref _hasWarned, 1) == 0)
        {
            guard.WarnAfterTls(connection.LocalEndPoint ?? listener);
        }
    }
}
