using System.Text.Json;
using Microsoft.Extensions.Logging;
using OriginGuard.ForeignText;

namespace OriginGuard.Iap;

/// <summary>
/// The keys of one endpoint. A single loop fetches them ahead of need, and whoever wants them sooner wakes it: there is never more than one
/// fetch, and never a lock that a request with a known key would meet. What was loaded last stays until something better has been read.
/// </summary>
internal sealed partial class IapKeySource(Uri uri, IapKeyClient client, TimeProvider time, ILogger logger, Action onRefreshed)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _loaded = NewSignal();
    private readonly Lock _lock = new();
    private TaskCompletionSource _fetched = NewSignal(); // ends with the fetch that runs, or with the next
    private TaskCompletionSource _wanted = NewSignal(); // wakes the loop
    private long? _lastStart;
    private bool _fetching;
    private volatile IapKeySet? _keys;
    private volatile string? _lastError;
    private int _failures;
    private Task? _loop;

    public IapKeyStatus Status => _keys is { } keys
        ? new IapKeyStatus(keys.Count, time.GetElapsedTime(keys.LoadedAt), _lastError)
        : new IapKeyStatus(0, null, _lastError);

    public bool HasKeys => _keys is not null;

    public void Start() => _loop ??= Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);

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
                await refresh.Ended.WaitAsync(refresh.Patience, time);
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
            await _loaded.Task.WaitAsync(IapKeyPace.StartPatience, time, cancellationToken);
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

    /// <summary>Ends the loop, without waiting for it.</summary>
    public void Stop() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        Stop();
        if (_loop is not null)
        {
            await _loop;
        }

        _stop.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private (Task Ended, TimeSpan Patience)? Join()
    {
        lock (_lock)
        {
            if (_lastStart is not { } start)
            {
                return (_fetched.Task, IapKeyPace.Patience); // the first fetch is about to begin
            }

            if (HasKeys)
            {
                // Also while a fetch runs: it may have begun before the new key was published.
                _wanted.TrySetResult();
            }

            var sinceStart = time.GetElapsedTime(start);
            return _fetching
                ? sinceStart < IapKeyPace.Patience ? (_fetched.Task, IapKeyPace.Patience - sinceStart) : null
                : HasKeys && sinceStart >= IapKeyPace.CoolDown ? (_fetched.Task, IapKeyPace.Patience) : null;
        }
    }

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var delay = await FetchAsync(stop);
                await SleepAsync(delay, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The application stops, or nobody uses this endpoint any more.
        }
        catch (Exception error)
        {
            // Nothing above should throw. If it does, nobody refreshes the keys any more, and that must not go unseen.
            _lastError = "the refresh loop has ended";
            Log.LoopEnded(logger, error, uri);
        }
    }

    private async Task<TimeSpan> FetchAsync(CancellationToken stop)
    {
        lock (_lock)
        {
            _lastStart = time.GetTimestamp();
            _fetching = true;
            _wanted = NewSignal();
        }

        try
        {
            return Take(await AskAsync(stop));
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

    private async Task<IapKeyAnswer> AskAsync(CancellationToken stop)
    {
        try
        {
            return await client.GetAsync(uri, stop);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            // A handler of the user's may throw what it likes: that is one failed try and no more.
            return IapKeyAnswer.Failed(error.Message);
        }
    }

    /// <summary>Takes the keys of an answer, or keeps those that are there. Says how long to sleep.</summary>
    private TimeSpan Take(IapKeyAnswer answer)
    {
        var known = _keys;
        var (keys, skipped, error) = answer.Error is null ? Read(answer.Body, known) : ([], 0, answer.Error);
        onRefreshed();
        if (error is not null)
        {
            return Keep(known, error);
        }

        var next = new IapKeySet(keys, time.GetTimestamp());
        var delay = IapKeyPace.AfterSuccess(answer.MaxAge);
        var level = next.HasSameKeysAs(known) && _failures == 0 ? LogLevel.Debug : LogLevel.Information;
        _keys = next;
        _lastError = null;
        _failures = 0;
        _loaded.TrySetResult();
        Log.KeysLoaded(logger, level, next.Count, uri, skipped, delay);
        return delay;
    }

    private static (IReadOnlyList<IapKey> Keys, int Skipped, string? Error) Read(ReadOnlyMemory<byte> body, IapKeySet? known)
    {
        try
        {
            var (keys, skipped) = JwkSetReader.Read(body, known);
            return keys.Count > 0 ? (keys, skipped, null) : ([], skipped, $"no usable key among {skipped}");
        }
        catch (JsonException error)
        {
            return ([], 0, $"no JWK set: {error.Message.TrimEnd('.')}");
        }
    }

    private TimeSpan Keep(IapKeySet? known, string error)
    {
        var delay = IapKeyPace.AfterFailure(++_failures);

        // An outage of hours must not fill the log: the first failure is a warning, and then every fiftieth, about ten minutes apart.
        var level = _failures % 50 == 1 ? LogLevel.Warning : LogLevel.Debug;
        _lastError = LogText.Clean(error);
        if (known is null)
        {
            Log.KeysUnavailable(logger, level, uri, _lastError, delay);
        }
        else
        {
            var age = time.GetElapsedTime(known.LoadedAt);
            Log.KeysKept(logger, level, uri, _lastError, known.Count, age, delay);
        }

        return delay;
    }

    private async Task SleepAsync(TimeSpan delay, CancellationToken stop)
    {
        Task wanted;
        lock (_lock)
        {
            wanted = _wanted.Task;
        }

        var fellAsleep = time.GetTimestamp();
        try
        {
            await wanted.WaitAsync(delay, time, stop);
        }
        catch (TimeoutException)
        {
            return;
        }

        var rest = Least(delay - time.GetElapsedTime(fellAsleep), IapKeyPace.CoolDown - time.GetElapsedTime(_lastStart ?? fellAsleep));
        if (rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, time, stop);
        }
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
