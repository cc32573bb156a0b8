namespace OriginGuard.Surroundings;

/// <summary>
/// Work with files, one piece after another and never on the way of who wants it done: a disk that hangs costs what it would have kept, and nothing else.
/// </summary>
internal sealed class DiskLane
{
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Ends with the last piece so far.</summary>
    public Task WhenIdle
    {
        get
        {
            lock (_lock)
            {
                return _last;
            }
        }
    }

    /// <summary>Puts a piece at the end, and ends with it. The work reports its failures itself.</summary>
    public Task Run(Action work) => Run<object?>(() =>
    {
        work();
        return null;
    });

    /// <summary>The same, with a result.</summary>
    public Task<T> Run<T>(Func<T> work)
    {
        lock (_lock)
        {
            var piece = _last.ContinueWith(_ => work(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            _last = piece;
            return piece;
        }
    }
}
