namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>When a round ends.</summary>
internal sealed class Deadline(double seconds)
{
    private readonly long _start = TimeProvider.System.GetTimestamp();

    public double Elapsed => TimeProvider.System.GetElapsedTime(_start).TotalSeconds;

    public bool HasPassed => Elapsed >= seconds;
}
