using Microsoft.Extensions.Logging;
using OriginGuard.ForeignText;
using OriginGuard.Refreshing;
using OriginGuard.Surroundings;

namespace OriginGuard.PublishedLists;

/// <summary>
/// Keeps Google's two lists of networks: fetched once a day while they are wanted, and until then the copy that is built in. What was fetched last stays until
/// both have been read again.
/// </summary>
internal sealed partial class GoogleLists : IDisposable
{
    /// <summary>The real lists have less than 100 KiB.</summary>
    private const int MaxLength = 1024 * 1024;

    private static readonly TimeSpan Fresh = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromHours(1);
    private static readonly TimeSpan LeastPause = TimeSpan.FromMinutes(1);

    private readonly HttpDocumentClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private Flight? _flight;
    private volatile ListsStatus? _status;

    public GoogleLists(IHttpClientFactory clients, TimeProvider time, ILogger<GoogleLists> logger) =>
        (_client, _time, _logger) = (NewClient(clients, time), time, logger);

    /// <summary>Raised when lists have been fetched, outside of any lock.</summary>
    public event Action? Fetched;

    public ListsStatus Status => _status ?? ListsStatus.BuiltIn;

    /// <summary>Ends when the first fetch has, however it went; at once while nothing is fetched.</summary>
    public Task FirstFetch
    {
        get
        {
            lock (_lock)
            {
                return _flight?.Loop.FirstTurn ?? Task.CompletedTask;
            }
        }
    }

    public static HttpDocumentClient NewClient(IHttpClientFactory clients, TimeProvider time) => new(clients, SourceAddressOptions.HttpClientName, MaxLength, time);

    /// <summary>Fetches both lists once.</summary>
    /// <returns>The lists, or why there are none.</returns>
    public static async Task<(GoogleNetworks? Networks, string? Error)> FetchAsync(HttpDocumentClient client, Uri google, Uri cloud, CancellationToken cancellationToken)
    {
        List<PublishedList> lists = [];
        foreach (var uri in (Uri[])[google, cloud])
        {
            try
            {
                var answer = await client.GetAsync(uri, cancellationToken).ConfigureAwait(false);
                lists.Add(answer.Error is null ? PublishedList.Parse(answer.Body) : throw new FormatException(answer.Error));
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // A handler of the application's own may throw what it likes: that is one failed try and no more.
                return (null, $"{ShownText.Of(uri).Trim('"')}: {PrintableText.From(failure.Message)}");
            }
        }

        return (new GoogleNetworks(lists[0], lists[1]), null);
    }

    /// <summary>Fetches from now on, or no longer. Lists belong to their addresses: after a change of these the old ones are not asked any more.</summary>
    public void Use(SourceAddressOptions options, bool isWanted)
    {
        lock (_lock)
        {
            if (_flight is { } flight && (!isWanted || flight.Google != options.GoogleNetworksUri || flight.Cloud != options.CloudNetworksUri))
            {
                (_flight, _status) = (null, null);
                _ = flight.Stop.CancelAsync();
            }

            if (isWanted && _flight is null)
            {
                _flight = Begin(options);
            }
        }
    }

    /// <summary>Fetches sooner than planned: a network that is in no list may be in the next.</summary>
    public void Wish()
    {
        lock (_lock)
        {
            _flight?.Loop.Wish();
        }
    }

    /// <summary>Ends the fetching and waits for it.</summary>
    public async Task StopAsync()
    {
        Task? running;
        lock (_lock)
        {
            running = _flight?.Running;
        }

        Dispose();
        await (running ?? Task.CompletedTask).ConfigureAwait(false);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _ = _flight?.Stop.CancelAsync();
        }
    }

    private Flight Begin(SourceAddressOptions options)
    {
        var flight = new Flight(options.GoogleNetworksUri, options.CloudNetworksUri);
        flight.Loop = new RefreshLoop(stop => TurnAsync(flight, stop), error => Ended(flight, error), _time, LeastPause);
        flight.Running = Detached.Run(() => flight.Loop.RunAsync(flight.Stop.Token));
        return flight;
    }

    private async Task<TimeSpan> TurnAsync(Flight flight, CancellationToken cancellationToken)
    {
        var (networks, error) = await FetchAsync(_client, flight.Google, flight.Cloud, cancellationToken).ConfigureAwait(false);
        return networks is null ? Keep(flight, error!) : Take(flight, networks);
    }

    private TimeSpan Take(Flight flight, GoogleNetworks networks)
    {
        var delay = BackOff.Between(Fresh * 0.9, Fresh);
        if (TryPublish(flight, ListsStatus.Fetched(networks, _time)))
        {
            flight.Failures = 0;
            Log.ListsFetched(_logger, networks.Count.Google, networks.Count.Cloud, networks.PublishedAt, delay);
            Fetched?.Invoke();
        }

        return delay;
    }

    private TimeSpan Keep(Flight flight, string error)
    {
        var kept = Status;
        var delay = BackOff.After(++flight.Failures, LongestRetry);
        if (TryPublish(flight, kept with { LastError = error }))
        {
            Log.ListsKept(_logger, BackOff.IsLoud(flight.Failures) ? LogLevel.Warning : LogLevel.Debug, error, kept.Source, kept.Networks.PublishedAt, delay);
        }

        return delay;
    }

    private void Ended(Flight flight, Exception unexpected)
    {
        TryPublish(flight, Status with { LastError = "the fetching has ended unexpectedly; restart the application" });
        Log.LoopEnded(_logger, unexpected);
    }

    /// <summary>Whoever has been replaced meanwhile says nothing any more.</summary>
    private bool TryPublish(Flight flight, ListsStatus status)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_flight, flight))
            {
                return false;
            }

            _status = status;
            return true;
        }
    }

    /// <summary>The fetching from two addresses. Its source is not disposed: it holds nothing, and the loop may still look at it.</summary>
    private sealed class Flight(Uri google, Uri cloud)
    {
        public Uri Google => google;

        public Uri Cloud => cloud;

        public CancellationTokenSource Stop { get; } = new();

        public RefreshLoop Loop { get; set; } = null!;

        public Task Running { get; set; } = Task.CompletedTask;

        public int Failures { get; set; }
    }
}
