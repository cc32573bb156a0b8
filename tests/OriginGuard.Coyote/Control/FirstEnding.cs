using Microsoft.Coyote.Runtime;

namespace OriginGuard.Coyote.Control;

/// <summary>
/// What ends a wait first. Each is said in one go, without a scheduling point: a source that is being disposed waits on its real thread for the callbacks that
/// run, and would wait for ever for one that is held there.
/// </summary>
internal sealed class FirstEnding
{
    private readonly TaskCompletionSource<Ending> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Ending> Task => _first.Task;

    public void Done() => _first.TrySetResult(Ending.Done);

    public void TimedOut() => EndBy(Ending.TimedOut);

    public void Cancelled() => EndBy(Ending.Cancelled);

    private void EndBy(Ending ending)
    {
        SchedulingPoint.Suppress();
        _first.TrySetResult(ending);
        SchedulingPoint.Resume();
    }
}
