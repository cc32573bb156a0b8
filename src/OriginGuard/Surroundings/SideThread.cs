using System.Diagnostics.CodeAnalysis;

namespace OriginGuard.Surroundings;

/// <summary>
/// Runs work of the application's own, which is asked not to block its thread and may do so all the same: on another thread than that of who wants it done. While it
/// holds that one, nothing else is begun, so that a thread is all that it costs.
/// </summary>
internal sealed class SideThread
{
    private readonly Lock _lock = new();
    private Task _beginning = Task.CompletedTask;

    /// <summary>Ends with the work. Given up, it is not begun any more, and not waited for.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken giveUp)
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
}
