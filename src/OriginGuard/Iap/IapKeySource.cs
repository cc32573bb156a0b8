using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using OriginGuard.ForeignText;
using OriginGuard.Refreshing;
using OriginGuard.Surroundings;

namespace OriginGuard.Iap;

/// <summary>
/// The keys of one endpoint. A single loop fetches them ahead of need, and whoever wants them sooner wakes it: there is never more than one
/// fetch, and never a lock that a request with a known key would meet. What was loaded last stays until something better has been read.
/// </summary>
[SuppressMessage("Usage", "CA2213", Justification = "The source that stops it holds nothing, and disposed it would forget whom it has not told yet.")]
internal sealed partial class IapKeySource : IAsyncDisposable
{
    private readonly Uri _uri;
    private readonly string _server; // for the log: the rest may hold what nobody else may read
    private readonly HttpDocumentClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<string, string?> _refreshed;
    private readonly RefreshLoop _loop;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _loaded = NewSignal();
    private readonly Lock _lock = new();
    private TaskCompletionSource _fetched = NewSignal(); // ends with the fetch that runs, or with the next
    private long? _lastStart;
    private bool _fetching;
    private volatile IapKeySet? _keys;
    private volatile string? _lastError;
    private int _failures;
    private Task? _running;

    /// <param name="uri">The endpoint.</param>
    /// <param name="client">What asks it.</param>
    /// <param name="time">The clock of the pauses and of the keys' age.</param>
    /// <param name="logger">Learns what an operator wants to know.</param>
    /// <param name="refreshed">Learns how each fetch ended, <c>changed</c>, <c>unchanged</c> or <c>failed</c>, and of what kind its failure is.</param>
    public IapKeySource(Uri uri, HttpDocumentClient client, TimeProvider time, ILogger logger, Action<string, string?> refreshed)
    {
        (_uri, _server, _client, _time, _logger, _refreshed) = (uri, ShownText.Of(uri), client, time, logger, refreshed);
        _loop = new RefreshLoop(FetchAsync, Ended, time, IapKeySchedule.CoolDown);
    }

    public IapKeyStatus Status => _keys is { } keys
        ? new IapKeyStatus(keys.Count, _time.GetElapsedTime(keys.LoadedAt), _lastError)
        : new IapKeyStatus(0, null, _lastError);

    public bool HasKeys => _keys is not null;

    public void Start() => _running ??= Detached.Run(() => _loop.RunAsync(_stop.Token));

    public IapKey? Find(string id) => _keys?.Find(id);

    /// <summary>
    /// Waits for the fetch that an unknown id asks for, or for the first one, and looks again. The wait ends two seconds after that fetch
    /// began, and there is none at all while the cool-down lasts: the id is then remembered, and asked for when the cool-down is over.
    /// </summary>
    public async ValueTask<IapKey?> FindAfterRefreshAsync(string id)
    {
        if (Join() is { } refresh)
        {
            try
            {
                await refresh.Ended.WaitAsync(refresh.Patience, _time).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // The fetch goes on; this request does not wait for it.
            }
        }

        return Find(id);
    }

    /// <summary>Waits for the first keys, but not for long: the application must listen whatever the endpoint does.</summary>
    public async Task WaitForFirstLoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _loaded.Task.WaitAsync(IapKeySchedule.StartPatience, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The loop goes on trying, and says so.
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The application is told to stop while it starts: it ends in order, and not by this.
        }
    }

    /// <summary>Ends the loop, without waiting for it. What a handler of the application's has hung on the token may throw or wait: nobody here is held or hit by that.</summary>
    public void Stop() => _ = _stop.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        Stop();
        await (_running ?? Task.CompletedTask).ConfigureAwait(false);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private (Task Ended, TimeSpan Patience)? Join()
    {
        lock (_lock)
        {
            if (_lastStart is not { } start)
            {
                return (_fetched.Task, IapKeySchedule.Patience); // the first fetch is about to begin
            }

            if (HasKeys)
            {
                // Also while a fetch runs: it may have begun before the new key was published.
                _loop.Wish();
            }

            var sinceStart = _time.GetElapsedTime(start);
            return _fetching
                ? sinceStart < IapKeySchedule.Patience ? (_fetched.Task, IapKeySchedule.Patience - sinceStart) : null
                : HasKeys && sinceStart >= IapKeySchedule.CoolDown ? (_fetched.Task, IapKeySchedule.Patience) : null;
        }
    }

    private void Ended(Exception unexpected)
    {
        _lastError = "the refresh loop has ended";
        Log.LoopEnded(_logger, unexpected, _server);
    }

    private async Task<TimeSpan> FetchAsync(CancellationToken stop)
    {
        lock (_lock)
        {
            _lastStart = _time.GetTimestamp();
            _fetching = true;
        }

        try
        {
            return Take(await AskAsync(stop).ConfigureAwait(false));
        }
        finally
        {
            TaskCompletionSource ended;
            lock (_lock)
            {
                ended = _fetched;
                _fetched = NewSignal();
                _fetching = false;
            }

            ended.SetResult();
        }
    }

    private async Task<HttpDocument> AskAsync(CancellationToken stop)
    {
        try
        {
            return await _client.GetAsync(_uri, stop).ConfigureAwait(false);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            // A handler of the user's may throw what it likes: that is one failed try and no more.
            return HttpDocument.Failed(error.Message);
        }
    }

    /// <summary>Takes the keys of an answer, or keeps those that are there. Says how long to sleep.</summary>
    private TimeSpan Take(HttpDocument answer)
    {
        var known = _keys;
        var (keys, skipped, error) = answer.Error is null ? Read(answer.Body, known) : ([], 0, answer.Error);
        if (error is not null)
        {
            _refreshed("failed", answer.Error is null ? "document" : "fetch");
            return Keep(known, error);
        }

        var next = new IapKeySet(keys, _time.GetTimestamp());
        var delay = IapKeySchedule.AfterSuccess(answer.MaxAge);
        var isSame = next.HasSameKeysAs(known);
        var level = isSame && _failures == 0 ? LogLevel.Debug : LogLevel.Information;
        _keys = next;
        _lastError = null;
        _failures = 0;
        _loaded.TrySetResult();
        _refreshed(isSame ? "unchanged" : "changed", null);
        Log.KeysLoaded(_logger, level, next.Count, _server, skipped, delay);
        return delay;
    }

    private static (IReadOnlyList<IapKey> Keys, int Skipped, string? Error) Read(ReadOnlyMemory<byte> body, IapKeySet? known)
    {
        try
        {
            var (keys, skipped) = JwkSetReader.Read(body, known);
            return keys.Count > 0 ? (keys, skipped, null) : ([], skipped, $"no usable key among {skipped}");
        }
        catch (Exception unreadable)
        {
            // Whatever somebody else wrote: what nobody foresaw is a failed fetch, too, and no end of the fetching.
            return ([], 0, $"no JWK set: {unreadable.Message.TrimEnd('.')}");
        }
    }

    private TimeSpan Keep(IapKeySet? known, string error)
    {
        var delay = IapKeySchedule.AfterFailure(++_failures);
        var level = BackOff.IsLoud(_failures) ? LogLevel.Warning : LogLevel.Debug;
        _lastError = PrintableText.From(error);
        if (known is null)
        {
            Log.KeysUnavailable(_logger, level, _server, _lastError, delay);
        }
        else
        {
            var age = _time.GetElapsedTime(known.LoadedAt);
            Log.KeysKept(_logger, level, _server, _lastError, known.Count, age, delay);
        }

        return delay;
    }
}
