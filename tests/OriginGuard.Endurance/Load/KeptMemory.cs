using System.Diagnostics.Metrics;

namespace OriginGuard.Endurance.Load;

/// <summary>What is still there when everything that can go has gone, less the buffers that Kestrel keeps for its next peak: it counts them itself.</summary>
internal sealed class KeptMemory : IDisposable
{
    private const int Looks = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly MeterListener _listener = new();
    private long _pooled;

    public KeptMemory()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "Microsoft.AspNetCore.MemoryPool", Name: "aspnetcore.memory_pool.pooled" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, change, _, _) => Interlocked.Add(ref _pooled, change));
        _listener.Start();
    }

    public long Pooled => Volatile.Read(ref _pooled);

    /// <summary>The least of several looks: what is under way goes in between.</summary>
    public async Task<long> MeasureAsync()
    {
        var least = long.MaxValue;
        for (var look = 0; look < Looks; look++)
        {
            least = Math.Min(least, GC.GetTotalMemory(forceFullCollection: true) - Pooled);
            await Task.Delay(Pause, TimeProvider.System);
        }

        return least;
    }

    public void Dispose() => _listener.Dispose();
}
