using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace OriginGuard.TestKit;

/// <summary>Adds up what the guard of one host measures: meters of other hosts in the same process do not count.</summary>
public sealed class MetricRecorder : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Measurement> _measurements = new();

    /// <param name="scope">The meter factory of the host, which is the scope of its meters.</param>
    public MetricRecorder(IMeterFactory scope)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, scope) && instrument.Meter.Name == "OriginGuard")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    public IReadOnlyCollection<Measurement> Measurements => _measurements;

    /// <summary>The sum of an instrument over the measurements that carry all of the given tags.</summary>
    public double Sum(string instrument, params (string Key, object? Value)[] tags) => _measurements
        .Where(measurement => measurement.Instrument == instrument && tags.All(tag => Equals(measurement.Tags.GetValueOrDefault(tag.Key), tag.Value)))
        .Sum(measurement => measurement.Value);

    /// <summary>Reads the observable instruments now.</summary>
    public void Observe() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measurements.Enqueue(new Measurement(instrument.Name, instrument.Unit, value, new Dictionary<string, object?>([.. tags])));

    public sealed record Measurement(string Instrument, string? Unit, double Value, IReadOnlyDictionary<string, object?> Tags);
}
