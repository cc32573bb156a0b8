namespace OriginGuard.Surroundings;

/// <summary>
/// The clock of the guard: of its time limits, its schedules and the age of what it has learned. It is the system's, whatever clock the application has
/// registered for itself: one that a test has stopped must neither hang a start nor keep old ranges young. The times in an assertion alone are
/// judged by the application's clock, whose tests issue assertions by it.
/// </summary>
internal sealed class GuardClock(TimeProvider time)
{
    public TimeProvider Time => time;
}
