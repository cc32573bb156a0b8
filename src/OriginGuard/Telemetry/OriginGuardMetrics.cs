using System.Diagnostics.Metrics;
using System.Reflection;
using OriginGuard.Checks;
using OriginGuard.Surroundings;

namespace OriginGuard.Telemetry;

/// <summary>The instruments of meter <c>OriginGuard</c>. Tag values are closed sets: never an address, path, host or header value.</summary>
internal sealed class OriginGuardMetrics : IDisposable
{
    public const string MeterName = "OriginGuard";

    // Boxed once: a tag value is an object. More slots than anyone rotates with share the last one.
    private static readonly object[] Slots = [.. Enumerable.Range(0, 16).Select(slot => (object)slot)];

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _refusedConnections;
    private readonly Counter<long> _refreshes;
    private readonly Histogram<double> _refreshDuration;
    private readonly Counter<long> _secretMatches;
    private readonly Counter<long> _suspected;

    /// <summary>The version of the package, without the commit.</summary>
    public static string? Version { get; } =
        typeof(OriginGuardMetrics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    public OriginGuardMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterName, Version);
        _requests = _meter.CreateCounter<long>("originguard.requests", "{request}", "Requests that the guard decided about.");
        _refusedConnections = _meter.CreateCounter<long>("originguard.connections.refused", "{connection}", "Connections that were refused before TLS and HTTP.");
        _refreshes = _meter.CreateCounter<long>("originguard.ranges.refreshes", "{refresh}", "Refreshes of the ranges, by result.");
        _refreshDuration = _meter.CreateHistogram("originguard.ranges.refresh.duration", "s", "How long refreshes of the ranges took.", tags: null, new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
        });
        _secretMatches = _meter.CreateCounter<long>("originguard.shared_secret.matches", "{request}", "Requests with a right secret, by slot.");
        _suspected = _meter.CreateCounter<long>(
            "originguard.stale_ranges.suspected", "{request}", "Requests with a right secret from an address that is in no range; with a right assertion, too, while the address is only reported.");
    }

    public void Decided(OriginVerdict verdict, bool enforced)
    {
        if (!_requests.Enabled)
        {
            return;
        }

        var outcome = new KeyValuePair<string, object?>("originguard.verdict", verdict.Outcome.ToName());
        var mode = new KeyValuePair<string, object?>("originguard.mode", enforced ? "enforce" : "report_only");
        if (verdict.IsAllowed)
        {
            _requests.Count(outcome, mode);
        }
        else
        {
            _requests.Count(outcome, new("originguard.reason", verdict.Reason.ToCode()), mode);
        }
    }

    public void SecretMatched(int slot)
    {
        if (_secretMatches.Enabled)
        {
            _secretMatches.Count(new KeyValuePair<string, object?>("originguard.slot", Slots[Math.Min(slot, Slots.Length - 1)]));
        }
    }

    /// <summary>Starts the gauges; called once, by the owner of the ranges. Null: nothing to say, while the layer is off.</summary>
    public void ObserveRanges(Func<long?> networks, Func<TimeSpan?> age, Func<TimeSpan?> listsAge)
    {
        _meter.CreateObservableGauge("originguard.ranges.networks", () => Count(networks()), "{network}", "Networks in force.");
        _meter.CreateObservableGauge("originguard.ranges.age", () => Seconds(age()), "s", "Age of the oldest ranges in force.");
        _meter.CreateObservableGauge("originguard.ranges.lists.age", () => Seconds(listsAge()), "s", "How long ago Google's lists of networks were fetched.");
    }

    public void ConnectionRefused(RefusalReason reason) => _refusedConnections.Count(new KeyValuePair<string, object?>("originguard.reason", reason.ToCode()));

    public void RangesRefreshed(string result, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>("originguard.result", result);
        _refreshes.Count(tag);
        _refreshDuration.Note(duration.TotalSeconds, tag);
    }

    public void StaleRangesSuspected() => _suspected.Count();

    private static Measurement<long>[] Count(long? count) => count is { } known ? [new Measurement<long>(known)] : [];

    private static Measurement<double>[] Seconds(TimeSpan? age) => age is { } known ? [new Measurement<double>(known.TotalSeconds)] : [];

    public void Dispose() => _meter.Dispose();
}
