namespace OriginGuard.Tests.Ranges;

/// <summary>A clock whose timers fail when the test says so: the one thing that a refresh loop cannot survive.</summary>
internal sealed class BrokenTimers(TimeProvider clock) : TimeProvider
{
    public bool AreBroken { get; set; }

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        AreBroken ? throw new InvalidOperationException("no timers left") : clock.CreateTimer(callback, state, dueTime, period);
}
