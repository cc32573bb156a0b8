using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using OriginGuard.Refreshing;

namespace OriginGuard.Dns;

/// <summary>What the log has been told of each server, which is asked every hour, and every few seconds while there are no ranges.</summary>
internal sealed class ServerNotes
{
    private readonly ConcurrentDictionary<IPEndPoint, bool> _overUdp = new();
    private readonly ConcurrentDictionary<IPEndPoint, int> _ignoring = new();

    /// <summary>The server has answered over TCP: should it not do so again, that is news.</summary>
    public void AnsweredOverTcp(IPEndPoint server)
    {
        _overUdp.TryRemove(server, out _);
        Undisturbed(server);
    }

    /// <summary>An exchange had nothing to ignore: should there be something again, that is news.</summary>
    public void Undisturbed(IPEndPoint server) => _ignoring.TryRemove(server, out _);

    /// <summary>The server has answered over UDP alone.</summary>
    public LogLevel AnsweredOverUdp(IPEndPoint server) => _overUdp.TryAdd(server, true) ? LogLevel.Warning : LogLevel.Debug;

    /// <summary>Datagrams came that do not answer a question to the server.</summary>
    public LogLevel Ignored(IPEndPoint server) =>
        BackOff.IsLoud(_ignoring.AddOrUpdate(server, 1, static (_, times) => times == int.MaxValue ? times : times + 1)) ? LogLevel.Warning : LogLevel.Debug;
}
