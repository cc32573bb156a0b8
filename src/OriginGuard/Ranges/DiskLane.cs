namespace OriginGuard.Ranges;

/// <summary>
/// Work with files, one piece after another and never on the loop of a record: a disk that hangs costs the snapshot, not the refreshing.
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
    public Task Run(Action work)
    {
        lock (_lock)
        {
            return _last = _last.ContinueWith(_ => work(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }
}
