using System.Globalization;

namespace OriginGuard.Surroundings;

/// <summary>
/// Work with files, one piece after another and never on the way of who wants it done: a disk that hangs costs what it would have kept, and nothing else.
/// </summary>
internal sealed class DiskLane
{
    /// <summary>How long a disk that hangs holds up the end of the application, and the arming report its start.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

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

    /// <summary>What is said of a disk that has not ended its work within <see cref="Patience"/>.</summary>
    public static string HangsFor => string.Create(CultureInfo.InvariantCulture, $"the disk has not answered within {Patience.TotalSeconds:0.#} s");

    /// <summary>Waits for the last piece so far, and not for a disk that hangs: then it is false.</summary>
    public async Task<bool> EndsAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var end = WhenIdle;
        try
        {
            using var limit = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            await end.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // It hangs, or there is no clock any more to wait by.
        }

        return end.IsCompleted;
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
