namespace OriginGuard.Telemetry;

/// <summary>
/// Bounds how often a process does something that costs: a flood gets no more than this from it, so that an attacked origin spends a bounded part of its processor
/// on it; whoever comes beside the flood gets it as soon as a second begins.
/// </summary>
internal sealed class PerSecond(int most, TimeProvider time)
{
    private long _second;
    private int _taken;

    public bool Take()
    {
        var now = time.GetTimestamp() / time.TimestampFrequency;
        if (Interlocked.Exchange(ref _second, now) != now)
        {
            Volatile.Write(ref _taken, 0);
        }

        return Volatile.Read(ref _taken) < most && Interlocked.Increment(ref _taken) <= most;
    }
}
