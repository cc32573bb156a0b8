using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Coyote.Specifications;

namespace OriginGuard.Coyote.Control;

/// <summary>
/// What Coyote does not control, made of what it does: <c>scripts/coyote</c> puts these in place of the framework's own in the copy of the library that is
/// explored. Each does what the framework's does, and whatever that leaves to the thread pool is a task here, which may run at any time.
/// </summary>
internal static class Controlled
{
    // The two halves of CancelAsync: the first is done at once, and the second elsewhere.
    private static readonly Action<CancellationTokenSource> ThrowIfDisposed = Inside<Action<CancellationTokenSource>>("ThrowIfDisposed");
    private static readonly Func<CancellationTokenSource, bool> TransitionToCancellationRequested = Inside<Func<CancellationTokenSource, bool>>("TransitionToCancellationRequested");
    private static readonly Action<CancellationTokenSource, bool> ExecuteCallbackHandlers = Inside<Action<CancellationTokenSource, bool>>("ExecuteCallbackHandlers");

    public static async Task<Task> WhenAny(params Task[] tasks)
    {
        var first = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var task in tasks)
        {
            _ = FollowAsync(task, () => first.TrySetResult(task));
        }

        return await first.Task;
    }

    public static async Task<Task<T>> WhenAny<T>(IEnumerable<Task<T>> tasks) => (Task<T>)await WhenAny([.. tasks]);

    public static Task WhenAll(IEnumerable<Task> tasks) => WhenAll([.. tasks]);

    public static async Task WhenAll(params Task[] tasks)
    {
        foreach (var task in tasks)
        {
            await FollowAsync(task);
        }

        foreach (var task in tasks)
        {
            await task;
        }
    }

    public static void Queue<T>(Action<T> work, T state, bool preferLocal)
    {
        _ = preferLocal;
        _ = Task.Run(() =>
        {
            try
            {
                work(state);
            }
            catch (Exception failure)
            {
                Specification.Assert(false, "This would have ended the process: {0}", failure);
            }
        });
    }

    public static async Task Delay(TimeSpan delay, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await FirstOfAsync(new TaskCompletionSource().Task, delay, time, cancellationToken) is Ending.Cancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    [SuppressMessage("Design", "CA1068", Justification = "In the order of the framework.")]
    public static Task<T> ContinueUnderControl<T>(
        this Task before, Func<Task, T> work, CancellationToken cancellationToken, TaskContinuationOptions options, TaskScheduler scheduler)
    {
        _ = (options, scheduler);
        return Task.Run(() => ContinueAsync(before, work), cancellationToken);
    }

    [SuppressMessage("Design", "CA1068", Justification = "In the order of the framework.")]
    public static Task ContinueUnderControl(
        this Task before, Action<Task> work, CancellationToken cancellationToken, TaskContinuationOptions options, TaskScheduler scheduler) =>
        ContinueUnderControl<object?>(
            before,
            task =>
            {
                work(task);
                return null;
            },
            cancellationToken,
            options,
            scheduler);

    /// <summary>Is cancelled at once, and tells whoever listens elsewhere: so does the framework, on the thread pool.</summary>
    public static Task CancelUnderControlAsync(this CancellationTokenSource source)
    {
        ThrowIfDisposed(source);
        return TransitionToCancellationRequested(source) ? Task.Run(() => ExecuteCallbackHandlers(source, false)) : Task.CompletedTask;
    }

    public static Task WaitUnderControlAsync(this Task task, CancellationToken cancellationToken) =>
        WaitUnderControlAsync(task, Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    public static Task<T> WaitUnderControlAsync<T>(this Task<T> task, CancellationToken cancellationToken) =>
        WaitUnderControlAsync(task, Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    public static async Task WaitUnderControlAsync(this Task task, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ThrowUnlessDone(await FirstOfAsync(task, timeout, time, cancellationToken), cancellationToken);
        await task;
    }

    public static async Task<T> WaitUnderControlAsync<T>(this Task<T> task, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ThrowUnlessDone(await FirstOfAsync(task, timeout, time, cancellationToken), cancellationToken);
        return await task;
    }

    private static async Task<T> ContinueAsync<T>(Task before, Func<Task, T> work)
    {
        await FollowAsync(before);
        return work(before);
    }

    private static void ThrowUnlessDone(Ending ending, CancellationToken cancellationToken)
    {
        if (ending is Ending.Cancelled)
        {
            throw new TaskCanceledException(null, null, cancellationToken);
        }

        if (ending is Ending.TimedOut)
        {
            throw new TimeoutException();
        }
    }

    private static async Task<Ending> FirstOfAsync(Task task, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        if (task.IsCompleted)
        {
            return Ending.Done;
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return Ending.Cancelled;
        }

        if (timeout == TimeSpan.Zero)
        {
            return Ending.TimedOut;
        }

        var first = new TaskCompletionSource<Ending>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = FollowAsync(task, () => first.TrySetResult(Ending.Done));
        await using var timer = timeout == Timeout.InfiniteTimeSpan
            ? null
            : time.CreateTimer(FirstEnding.TimedOut, first, timeout, Timeout.InfiniteTimeSpan);
        var registration = cancellationToken.UnsafeRegister(FirstEnding.Cancelled, first);
        var ended = await first.Task;

        // Not disposed: that would wait for a callback that runs.
        registration.Unregister();
        return ended;
    }

    private static async Task FollowAsync(Task task, Action? then = null)
    {
        try
        {
            await task;
        }
        catch (Exception)
        {
            // Whoever waits for the task itself hears of it.
        }

        then?.Invoke();
    }

    private static T Inside<T>(string name)
        where T : Delegate => typeof(CancellationTokenSource).GetMethod(name, BindingFlags.Instance | BindingFlags.NonPublic)!.CreateDelegate<T>();
}
