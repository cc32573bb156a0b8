namespace OriginGuard.References;

/// <summary>
/// How many references a process makes. A flood of refusals gets no more than this from it, so that sealing costs an attacked origin a bounded part of its
/// processor; who is refused beside the flood gets one as soon as a second begins.
/// </summary>
internal sealed class ReferenceRate(TimeProvider time)
{
    public const int MostPerSecond = 200;

    private long _second;
    private int _taken;

    public bool Take()
    {
        var now = time.GetTimestamp() / time.TimestampFrequency;
        if (Interlocked.Exchange(ref _second, now) != now)
        {
            Volatile.Write(ref _taken, 0);
        }

        return Volatile.Read(ref _taken) < MostPerSecond && Interlocked.Increment(ref _taken) <= MostPerSecond;
    }
}
