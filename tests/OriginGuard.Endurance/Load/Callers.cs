using OriginGuard.Testing;

namespace OriginGuard.Endurance.Load;

/// <summary>Everybody who asks. They can be made to wait, so that what the origins keep can be told from what is under way.</summary>
internal sealed class Callers : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly IapAssertionIssuer _foreign = new();
    private readonly List<(ICaller Caller, bool IsPaced)> _all = [];
    private volatile TaskCompletionSource? _pause;
    private volatile bool _stop;
    private int _waiting;

    public Callers(Disturbances world, Tally tally)
    {
        var foreign = _foreign.Issue(LoadedOrigin.Audience);
        Caller friend = new("the load balancer", Disturbances.PeerAlwaysIn, static (_, _) => true);
        Caller signed = new("the load balancer with IAP", Disturbances.PeerAlwaysIn, static (before, after) => IsSigned(before, after) ? true : null);
        Caller flips = new("the peer that comes and goes", Disturbances.PeerThatFlips, static (before, after) => IsSigned(before, after) && ReferenceEquals(before, after) && !before.IsRecordChanging ? before.IsIn : null);
        Caller stranger = new("a stranger", Disturbances.PeerNeverIn, static (_, _) => false);
        Caller secretless = new("somebody without a secret", Disturbances.PeerAlwaysIn, static (_, _) => false) { Secret = static _ => null };
        Caller late = new("somebody with a removed secret", Disturbances.PeerAlwaysIn, static (_, _) => false) { Secret = static now => now.Removed };
        Caller forger = new("somebody with a foreign assertion", Disturbances.PeerAlwaysIn, static (_, _) => false) { Assertion = _ => foreign };
        Caller anonymous = new("somebody without an assertion", Disturbances.PeerAlwaysIn, static (_, _) => false) { Assertion = static _ => null };
        foreach (var caller in new[] { friend, flips, stranger, secretless, late })
        {
            _all.Add((new Http1Caller(caller, world.Plain.Port, () => world.Now, tally), false));
            _all.Add((new Http2Caller(caller, world.Plain.Http2Port, () => world.Now, tally), false));
        }

        // An assertion is dear: these ask less often.
        foreach (var caller in new[] { signed, flips, forger, anonymous })
        {
            _all.Add((new Http1Caller(caller, world.Iap.Port, () => world.Now, tally), true));
            _all.Add((new Http2Caller(caller, world.Iap.Http2Port, () => world.Now, tally), true));
        }
    }

    public Task RunAsync() => Task.WhenAll(_all.Select(one => Task.Run(() => RunAsync(one.Caller, one.IsPaced))));

    public void Stop() => _stop = true;

    /// <summary>Returns when nobody asks any more, or when one of them has failed.</summary>
    public async Task PauseAsync()
    {
        _pause = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (Volatile.Read(ref _waiting) < _all.Count && !_stop)
        {
            await Task.Delay(Pace, TimeProvider.System);
        }
    }

    public void Resume()
    {
        var pause = _pause;
        _pause = null;
        pause?.SetResult();
    }

    public void Dispose()
    {
        foreach (var (caller, _) in _all)
        {
            caller.Dispose();
        }

        _foreign.Dispose();
    }

    private static bool IsSigned(Moment before, Moment after) => before.Assertion == after.Assertion && !before.IsSignerChanging && !after.IsSignerChanging;

    private async Task RunAsync(ICaller caller, bool isPaced)
    {
        try
        {
            await caller.ConnectAsync();
            while (!_stop)
            {
                await TurnAsync(caller, isPaced);
            }
        }
        finally
        {
            // Whoever fails ends the run of all: it would wait for him.
            _stop = true;
        }
    }

    private async Task TurnAsync(ICaller caller, bool isPaced)
    {
        if (_pause is { } pause)
        {
            Interlocked.Increment(ref _waiting);
            await pause.Task;
            Interlocked.Decrement(ref _waiting);
        }

        await caller.TurnAsync();
        if (isPaced)
        {
            await Task.Delay(Pace, TimeProvider.System);
        }
    }
}
