namespace OriginGuard.TestKit;

/// <summary>What something allocates on this thread.</summary>
public static class Allocation
{
    /// <summary>The least of five rounds, in bytes: the runtime puts something on this thread once, while it compiles.</summary>
    public static long LeastOf(Action action)
    {
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
