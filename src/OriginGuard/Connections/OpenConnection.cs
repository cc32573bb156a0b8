using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace OriginGuard.Connections;

/// <summary>A connection that the guard let pass, for as long as it lasts.</summary>
internal sealed class OpenConnection(BaseConnectionContext connection, IPAddress? peer)
{
    private int _isAsked;

    public IPAddress? Peer => peer;

    /// <summary>Asks the server to end the connection once what is under way has been answered.</summary>
    /// <returns>False when it had been asked before.</returns>
    public bool Close()
    {
        if (Interlocked.Exchange(ref _isAsked, 1) == 1)
        {
            return false;
        }

        if (connection.Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime)
        {
            lifetime.RequestClose();
        }
        else
        {
            // A server that cannot end a connection well must end it all the same.
            connection.Abort(new ConnectionAbortedException("The peer is no longer in the ranges."));
        }

        return true;
    }
}
