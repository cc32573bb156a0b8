using Microsoft.Coyote.Runtime;

namespace OriginGuard.Coyote.Control;

/// <summary>
/// What ends a wait first. Each is said in one go, without a scheduling point: a source that is being disposed waits on its real thread for the callbacks that
/// run, and would wait for ever for one that is held there. So no field is read, either, which is a point that cannot be suppressed: what a callback needs is its argument.
/// </summary>
internal static class FirstEnding
{
    public static void TimedOut(object? first) => EndBy((TaskCompletionSource<Ending>)first!, Ending.TimedOut); // whoever registers gives one

    public static void Cancelled(object? first) => EndBy((TaskCompletionSource<Ending>)first!, Ending.Cancelled);

    private static void EndBy(TaskCompletionSource<Ending> first, Ending ending)
    {
        SchedulingPoint.Suppress();
        first.TrySetResult(ending);
        SchedulingPoint.Resume();
    }
}
