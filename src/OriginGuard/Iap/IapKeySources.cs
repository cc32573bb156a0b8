using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using OriginGuard.Surroundings;
using OriginGuard.Telemetry;

namespace OriginGuard.Iap;

/// <summary>
/// One <see cref="IapKeySource"/> for each key endpoint in use, so that the guard and any number of schemes share the fetches of one
/// endpoint. Keys belong to their endpoint: after a change of address those of the old one are not trusted for a moment longer.
/// </summary>
internal sealed class IapKeySources : IAsyncDisposable, IDisposable
{
    /// <summary>The real set has less than 2 KiB.</summary>
    private const int MaxLength = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<Uri, (IapKeySource Source, int Users)> _sources = [];
    private readonly HttpDocumentClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger<IapKeySource> _logger;
    private readonly Counter<long> _refreshes;
    private bool _hasEnded;

    [SuppressMessage("Reliability", "CA2000", Justification = "The meter belongs to its factory.")]
    public IapKeySources(IHttpClientFactory clients, TimeProvider time, ILogger<IapKeySource> logger, IMeterFactory meters)
    {
        _client = NewClient(clients, time);
        _time = time;
        _logger = logger;
        var meter = meters.Create(OriginGuardMetrics.MeterName, OriginGuardMetrics.Version);
        _refreshes = meter.CreateCounter<long>("originguard.iap.keys.refreshes", "{refresh}", "Fetches of the IAP key set that have ended, by result.");
        meter.CreateObservableGauge("originguard.iap.keys", CountKeys, "{key}", "IAP keys in force.");
        meter.CreateObservableGauge("originguard.iap.keys.age", OldestKeys, "s", "Age of the oldest IAP key set in force.");
    }

    /// <summary>What asks a key endpoint.</summary>
    public static HttpDocumentClient NewClient(IHttpClientFactory clients, TimeProvider time) => new(clients, IapDefaults.HttpClientName, MaxLength, time);

    /// <summary>The source of an endpoint, loading from now on; or, once the application has ended, one that loads nothing. Give it back with <see cref="Release"/>.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The last Release stops the source, or the end of the application does.")]
    public IapKeySource Acquire(Uri uri)
    {
        lock (_lock)
        {
            var (source, users) = _sources.TryGetValue(uri, out var known)
                ? known
                : (new IapKeySource(uri, _client, _time, _logger, Refreshed), 0);
            if (!_hasEnded)
            {
                _sources[uri] = (source, users + 1);
                source.Start();
            }

            return source;
        }
    }

    /// <summary>The last user of an endpoint ends its loop.</summary>
    public void Release(Uri uri)
    {
        lock (_lock)
        {
            if (_hasEnded || !_sources.TryGetValue(uri, out var known))
            {
                return;
            }

            if (known.Users > 1)
            {
                _sources[uri] = known with { Users = known.Users - 1 };
                return;
            }

            _sources.Remove(uri);
            known.Source.Stop();
        }
    }

    /// <summary>Waits up to three seconds for the first keys of every endpoint: for the start of the application.</summary>
    public Task WaitForFirstLoadAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Current().Select(source => source.WaitForFirstLoadAsync(cancellationToken)));

    /// <summary>Ends all fetching, without waiting for it.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (_hasEnded)
            {
                return;
            }

            _hasEnded = true;
        }

        Array.ForEach(Current(), static source => source.Stop());
    }

    public void Dispose() => Stop();

    public async ValueTask DisposeAsync()
    {
        Stop();
        foreach (var source in Current())
        {
            await source.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Refreshed(string result, string? error)
    {
        var tag = new KeyValuePair<string, object?>("originguard.result", result);
        if (error is null)
        {
            _refreshes.Count(tag);
        }
        else
        {
            _refreshes.Count(tag, new KeyValuePair<string, object?>("error.type", error));
        }
    }

    // Nothing where no assertion is asked for: no keys would be a reason for an alarm.
    private Measurement<long>[] CountKeys() => Current() is { Length: > 0 } sources ? [new(sources.Sum(static source => source.Status.Count))] : [];

    private Measurement<double>[] OldestKeys() =>
        Current().Max(static source => source.Status.Age) is { } age ? [new(age.TotalSeconds)] : [];

    private IapKeySource[] Current()
    {
        lock (_lock)
        {
            return [.. _sources.Values.Select(static entry => entry.Source)];
        }
    }
}
