using System.Diagnostics.CodeAnalysis;

namespace OriginGuard.Surroundings;

/// <summary>
/// Runs work of the application's own, which is asked not to block its thread and may do so all the same: on another thread than that of who wants it done. While it
/// holds that one, nothing else is begun, so that a thread is all that it costs. What it hangs on its token may block and throw as well: a few may, and then the next work waits for one of them.
/// </summary>
/// <param name="time">The clock of the wait for work that is given up.</param>
internal sealed class SideThread(TimeProvider time)
{
    // Who is told at all to give up is told at once; what takes longer blocks.
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(1);

    // Each costs a thread of the pool, for as long as it blocks.
    private const int MostFarewells = 4;

    private readonly Lock _lock = new();
    private readonly List<Task> _farewells = [];
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
            try
            {
                await before.WaitAsync(giveUp).ConfigureAwait(false);
            }
            catch (Exception)
            {
                giveUp.ThrowIfCancellationRequested(); // and however else it has ended, it has
            }
        }

        var running = await begun.WaitAsync(giveUp).ConfigureAwait(false);
        return await running.WaitAsync(giveUp).ConfigureAwait(false);
    }

    private bool TryBegin<T>(Func<Task<T>> work, CancellationToken giveUp, [NotNullWhen(true)] out Task<Task<T>>? begun, out Task before)
    {
        lock (_lock)
        {
            _farewells.RemoveAll(static farewell => farewell.IsCompleted);
            var isCrowded = _farewells.Count >= MostFarewells;
            before = isCrowded ? _farewells[0] : _beginning;
            if (isCrowded || !_beginning.IsCompleted)
            {
                begun = null;
                return false;
            }

            _beginning = begun = Task.Factory.StartNew(work, giveUp, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        }

        // What fails once nobody waits for it any more is no news for the application, which would hear of it as unobserved.
        _ = ObserveAsync(EndAsync(begun));
        return true;
    }

    /// <summary>Waits until the work has been told, so that the next does not begin beside it, but not for whatever it has hung on its token.</summary>
    private async Task TellAsync(CancellationTokenSource own)
    {
        using var patience = new CancellationTokenSource(LongestFarewell, time);
        var telling = ObserveAsync(own.CancelAsync());
        try
        {
            await telling.WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                _farewells.Add(telling);
            }
        }
    }

    private static async Task EndAsync<T>(Task<Task<T>> begun) => await (await begun.ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>Ends when the task has, in whatever way.</summary>
    private static async Task ObserveAsync(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Whatever the work does, or has hung on its token, is its own.
        }
    }
}
