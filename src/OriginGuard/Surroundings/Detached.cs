namespace OriginGuard.Surroundings;

/// <summary>
/// Begins what outlives whoever begins it, a start or a reload within a request: without the trace, its baggage, the log scopes, the culture and whatever else flows with
/// the caller, which would go on with it for ever.
/// </summary>
internal static class Detached
{
    /// <summary>Runs a loop on the thread pool.</summary>
    public static Task Run(Func<Task> loop)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(loop, CancellationToken.None);
        }
    }

    /// <summary>Makes a timer of a clock.</summary>
    public static ITimer CreateTimer(TimeProvider time, TimerCallback callback, object state, TimeSpan dueTime, TimeSpan period)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return time.CreateTimer(callback, state, dueTime, period);
        }
    }
}
