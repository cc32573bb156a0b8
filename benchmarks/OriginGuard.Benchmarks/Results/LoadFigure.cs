namespace OriginGuard.Benchmarks.Results;

/// <summary>What one origin did during one round of load: a request, or a connection where connections are the load.</summary>
internal sealed record LoadFigure(long Count, double Seconds, double CpuSeconds)
{
    public double PerSecond => Count / Seconds;

    public double CpuMicroseconds => CpuSeconds * 1e6 / Count;

    /// <summary>Cores that the origin kept busy.</summary>
    public double Busy => CpuSeconds / Seconds;
}
