using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using OriginGuard.Ranges;
using OriginGuard.Telemetry;

namespace OriginGuard.Connections;

/// <summary>
/// The source address layer before TLS and HTTP: a peer outside the ranges is not spoken to. Refusing is to return without calling the rest of the
/// connection's pipeline, after which the server closes the socket: no exception, and nothing that a flood could make grow.
/// </summary>
internal sealed partial class ConnectionGuard
{
    private readonly Func<ConnectionPolicy> _policy;
    private readonly TimeProvider _time;
    private readonly ConnectionRefusals _refusals;
    private readonly OriginGuardMetrics _metrics;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<OpenConnection, bool> _open = new();
    private int _isReviewDue;
    private string? _announced;

    public ConnectionGuard(
        Func<ConnectionPolicy> policy, CurrentRanges ranges, ConnectionRefusals refusals, OriginGuardMetrics metrics, ILogger<ConnectionGuard> logger)
    {
        (_policy, _time, _refusals, _metrics, _logger) = (policy, ranges.Time, refusals, metrics, logger);
        ranges.Changed += Review;
    }

    /// <summary>How many connections are open that the guard let pass.</summary>
    public int OpenCount => _open.Count;

    /// <summary>A guard that was put on the same listener before has decided already.</summary>
    public static bool HasDecided(BaseConnectionContext connection) => connection.Features.Get<ConnectionPeer>() is not null;

    public Task Guard<TConnection>(TConnection connection, Func<TConnection, Task> next)
        where TConnection : BaseConnectionContext
    {
        var peer = PeerAddress.Of(connection.Features, connection.RemoteEndPoint);
        var policy = _policy();
        var ranges = policy.Ranges;
        if (!Admits(policy, ranges, peer))
        {
            return Task.CompletedTask;
        }

        connection.Features.Set(new ConnectionPeer(peer));
        var open = new OpenConnection(connection, peer);
        _open.TryAdd(open, true);
        Interlocked.MemoryBarrier();
        if (!ReferenceEquals(policy, _policy()) || !ReferenceEquals(ranges, policy.Ranges))
        {
            // Changed since the verdict: the review of that change may have come before the connection could be found.
            CloseUnlessAdmitted(open);
        }

        return HoldAsync(open, connection, next);
    }

    /// <summary>
    /// Closes the open connections that would not be let in any more. Soon, and elsewhere: whoever changed the ranges or the settings neither waits
    /// nor sees what closing a connection runs into.
    /// </summary>
    public void Review()
    {
        if (Interlocked.Exchange(ref _isReviewDue, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static guard => guard.ReviewNow(), this, preferLocal: false);
        }
    }

    /// <summary>Says at the start, and when a change of the settings makes it so, what a connection guard cannot do.</summary>
    /// <param name="unreachable">Exemptions for everybody: they do not hold for whoever is refused before a path is seen.</param>
    public void Announce(IReadOnlyCollection<string> unreachable)
    {
        var isOn = _policy().IsOn;
        var said = !isOn ? "nothing to refuse" : unreachable.Count > 0 ? string.Join(", ", unreachable) : null;
        if (Interlocked.Exchange(ref _announced, said) == said || said is null)
        {
            return;
        }

        if (isOn)
        {
            Log.ExemptionsOutOfReach(_logger, said);
        }
        else
        {
            Log.NothingToRefuse(_logger);
        }
    }

    public void WarnAfterTls(EndPoint listener) => Log.GuardedAfterTls(_logger, listener);

    private bool Admits(ConnectionPolicy policy, RangeSnapshot ranges, IPAddress? peer)
    {
        var verdict = policy.Judge(peer, ranges, _time);
        if (verdict.IsAllowed)
        {
            return true;
        }

        if (policy.IsEnforced)
        {
            _metrics.ConnectionRefused(verdict.Reason);
        }

        _refusals.Add(verdict, peer, policy.IsEnforced);
        return policy.LetsPass(verdict);
    }

    private async Task HoldAsync<TConnection>(OpenConnection open, TConnection connection, Func<TConnection, Task> next)
    {
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            _open.TryRemove(open, out _);
        }
    }

    private void ReviewNow()
    {
        // First of all, and as a barrier: a change from here on queues another review, and a connection that this one does not find sees the change itself.
        Interlocked.Exchange(ref _isReviewDue, 0);
        var closed = _open.Count(entry => CloseUnlessAdmitted(entry.Key));
        if (closed > 0)
        {
            Log.ConnectionsClosed(_logger, closed);
        }
    }

    private bool CloseUnlessAdmitted(OpenConnection open)
    {
        try
        {
            // While nobody can tell, nothing is closed that was let in before: its requests get 503, and what comes into force is followed by a review.
            var policy = _policy();
            return policy.IsEnforced && policy.Judge(open.Peer, policy.Ranges, _time).Outcome is OriginOutcome.Refused && open.Close();
        }
        catch (Exception failure)
        {
            // One connection that cannot be closed must not keep the others open.
            Log.CloseFailed(_logger, failure);
            return false;
        }
    }
}
