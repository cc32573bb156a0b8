using System.Collections.Concurrent;
using System.Net;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Ranges;

/// <summary>Keep-alive connections that ask again and again, and compare each verdict with what is in force.</summary>
internal sealed class ConnectionLoad(Uri origin, Func<FlippingState> state)
{
    private volatile bool _stop;
    private int _requests;
    private int _admitted;
    private int _refused;
    private int _aroundAFlip;

    public ConcurrentQueue<string> Wrong { get; } = new();

    public int Requests => Volatile.Read(ref _requests);

    public int Admitted => _admitted;

    public int Refused => _refused;

    /// <summary>Requests during which the record changed, so that both verdicts are right.</summary>
    public int AroundAFlip => _aroundAFlip;

    /// <summary>
    /// Starts connections from some peers, each with what must happen to it; null: what the record says. The task ends when all have stopped.
    /// </summary>
    public Task Start(params (string Peer, int Connections, bool? IsIn)[] peers) => Task.WhenAll(
        peers.SelectMany(peer => Enumerable.Range(0, peer.Connections).Select(_ => Task.Run(() => AskAsync(IPAddress.Parse(peer.Peer), peer.IsIn)))));

    public void Stop() => _stop = true;

    /// <summary>Waits until each connection can be expected to have asked once more.</summary>
    public async Task SeeTrafficAsync()
    {
        var target = Requests + 256;
        while (Requests < target && Wrong.IsEmpty)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task AskAsync(IPAddress peer, bool? isIn)
    {
        using var client = SimulatedLoadBalancer.CreateDirectClient(origin, peer);
        while (!_stop)
        {
            var before = state();
            using var answer = await client.GetAsync(origin, TestContext.Current.CancellationToken);
            var after = state();
            Interlocked.Increment(ref _requests);
            Judge(peer, (int)answer.StatusCode, isIn, before, after);
        }
    }

    private void Judge(IPAddress peer, int status, bool? isIn, FlippingState before, FlippingState after)
    {
        // Both verdicts are right while the record changes and only then.
        var expected = isIn ?? (ReferenceEquals(before, after) && !before.IsChanging ? before.IsIn : null);
        Interlocked.Increment(ref status == 200 ? ref _admitted : ref _refused);
        if (expected is null)
        {
            Interlocked.Increment(ref _aroundAFlip);
        }

        if (status != (expected ?? status == 200 ? 200 : 403))
        {
            Wrong.Enqueue($"{peer} was answered {status}; before: {before}, after: {after}");
        }
    }
}
