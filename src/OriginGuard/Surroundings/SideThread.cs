using System.Diagnostics.CodeAnalysis;

namespace OriginGuard.Surroundings;

/// <summary>
/// Runs work of the application's own, which is asked not to block its thread and may do so all the same: on another thread than that of who wants it done. While it
/// holds that one, nothing else is begun, so that a thread is all that it costs. What it hangs on its token may block and throw as well.
/// </summary>
/// <param name="time">The clock of the wait for work that is given up.</param>
internal sealed class SideThread(TimeProvider time)
{
    // Who is told at all to give up is told at once; what takes longer blocks.
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task _beginning = Task.CompletedTask;

    /// <summary>Ends with the work. Given up, it is not begun any more, or else told by its token, and not waited for.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "Work that was given up may still look at its token, and the source holds nothing.")]
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken giveUp)
    {
        // A token of its own, by which nobody else is told: a call-back that throws would end the process by the timer of a limit.
        var own = new CancellationTokenSource();
        try
        {
            return await RunAsync(() => work(own.Token), giveUp).ConfigureAwait(false);
        }
        catch (Exception) when (giveUp.IsCancellationRequested)
        {
            await TellAsync(own).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken giveUp)
    {
        Task<Task<T>>? begun;
        while (!TryBegin(work, giveUp, out begun, out var before))
        {
            await Task.WhenAny(before).WaitAsync(giveUp).ConfigureAwait(false); // however that ends
        }

        var running = await begun.WaitAsync(giveUp).ConfigureAwait(false);
        return await running.WaitAsync(giveUp).ConfigureAwait(false);
    }

    private bool TryBegin<T>(Func<Task<T>> work, CancellationToken giveUp, [NotNullWhen(true)] out Task<Task<T>>? begun, out Task before)
    {
        lock (_lock)
        {
            before = _beginning;
            begun = before.IsCompleted ? Task.Factory.StartNew(work, giveUp, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default) : null;
            _beginning = begun ?? before;
            return begun is not null;
        }
    }

    /// <summary>Waits until the work has been told, so that the next does not begin beside it, but not for whatever it has hung on its token.</summary>
    private async Task TellAsync(CancellationTokenSource own)
    {
        using var patience = new CancellationTokenSource(LongestFarewell, time);
        try
        {
            await EndAsync(own.CancelAsync()).WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It costs a thread of the pool.
        }
    }

    private static async Task EndAsync(Task telling)
    {
        try
        {
            await telling.ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Whatever the work has hung on its token is its own, and told it is all the same.
        }
    }
}
