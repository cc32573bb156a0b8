namespace OriginGuard.Refreshing;

/// <summary>
/// Refreshes something for as long as the application runs: one turn at a time, and between two of them a pause that the turn itself has named. An
/// unexpected end is told, since nobody refreshes any more.
/// </summary>
/// <param name="takeTurn">One turn. Says how long to pause; to be given up when its token says so.</param>
/// <param name="onEnded">Learns of what ended the loop before it was told to stop.</param>
/// <param name="time">The clock of the pauses.</param>
/// <param name="leastPause">Between the beginnings of two turns when a wish shortens the pause.</param>
internal sealed class RefreshLoop(Func<CancellationToken, Task<TimeSpan>> takeTurn, Action<Exception> onEnded, TimeProvider time, TimeSpan leastPause = default)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _firstTurn = NewSignal();
    private TaskCompletionSource _wish = NewSignal();
    private CancellationTokenSource? _turn;
    private Task _interrupted = Task.CompletedTask;
    private long _began;

    /// <summary>Ends when the first turn has, however it went, or the loop itself.</summary>
    public Task FirstTurn => _firstTurn.Task;

    /// <summary>Begins the next turn at once, and gives up the one that runs.</summary>
    public void Interrupt()
    {
        lock (_lock)
        {
            // A second interruption must not make the loop forget the first, whose callbacks may still run on the turn's source.
            if (_turn is { IsCancellationRequested: false } turn)
            {
                _interrupted = turn.CancelAsync();
            }
        }
    }

    /// <summary>Shortens the pause, this one or the one behind the turn that runs: that turn may have begun before what is wished for was there.</summary>
    public void Wish()
    {
        lock (_lock)
        {
            _wish.TrySetResult();
        }
    }

    /// <summary>Takes turns until it is told to stop. Does not throw.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                using var turn = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                Begin(turn);
                try
                {
                    var pause = await takeTurn(turn.Token).ConfigureAwait(false);
                    _firstTurn.TrySetResult();
                    await PauseAsync(pause, turn.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (turn.IsCancellationRequested)
                {
                    // Interrupted, or stopping: the loop's condition knows which.
                }
                finally
                {
                    // Not for its failures: what hangs on the token may throw, and that is no end of the refreshing.
                    await Task.WhenAny(End()).ConfigureAwait(false);
                }
            }
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // Told to stop, a turn may fail in any way: nobody wants its result.
        }
        catch (Exception unexpected)
        {
            onEnded(unexpected);
        }
        finally
        {
            _firstTurn.TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Begin(CancellationTokenSource turn)
    {
        lock (_lock)
        {
            (_turn, _began, _wish) = (turn, time.GetTimestamp(), NewSignal());
        }
    }

    /// <summary>Lets go of the turn's source, which may be disposed when nobody is cancelling it any more.</summary>
    private Task End()
    {
        lock (_lock)
        {
            _turn = null;
            return _interrupted;
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        try
        {
            await _wish.Task.WaitAsync(pause, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return;
        }

        var (rest, least) = (pause - time.GetElapsedTime(began), leastPause - time.GetElapsedTime(_began));
        rest = rest < least ? rest : least;
        if (rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
