using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using OriginGuard.PublishedLists;
using OriginGuard.Surroundings;
using OriginGuard.Telemetry;

namespace OriginGuard.Ranges;

/// <summary>
/// The supply of ranges: one loop per record, what stands in until DNS has answered, and the snapshot of what it said.
/// </summary>
[SuppressMessage("Usage", "CA2213", Justification = "The source is disposed once all have been told.")]
internal sealed class RangeRefresher : IRecordSupply, IDisposable
{
    private readonly CurrentRanges _ranges;
    private readonly ITxtResolver _resolver;
    private readonly SnapshotFile _snapshots;
    private readonly StandInRanges _standIns;
    private readonly GoogleLists _lists;
    private readonly RangeJudge _judge;
    private readonly OriginGuardMetrics _metrics;
    private readonly ILogger _logger;
    private readonly DiskLane _disk = new();
    private readonly Lock _change = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, (RecordRefresh Refresh, CancellationTokenSource Stop)> _records = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Task> _loops = [];
    private volatile SourceAddressOptions _options = new();
    private volatile bool _isOn;
    private bool _started;
    private bool _stopped;
    private Task _told = Task.CompletedTask;
    private int _saveWaits;

    public RangeRefresher(
        CurrentRanges ranges, ITxtResolver resolver, SnapshotFile snapshots, StandInRanges standIns, RangeJudge judge, GoogleLists lists, OriginGuardMetrics metrics,
        ILogger<RecordRefresh> logger)
    {
        (_ranges, _resolver, _snapshots, _standIns, _judge, _lists, _metrics, _logger) = (ranges, resolver, snapshots, standIns, judge, lists, metrics, logger);
        metrics.ObserveRanges(
            () => _isOn ? RangesHealth.CountNetworks(ranges.Snapshot, ranges.Time) : null,
            () => _isOn ? RangesHealth.OldestAge(ranges.Snapshot, ranges.Time) : null,
            () => lists.Status.Age(ranges.Time));
        lists.Fetched += AskAgain;
    }

    /// <summary>The lists that Google's record is compared with.</summary>
    public ListsStatus Lists => _lists.Status;

    /// <summary>How the refreshing of each record goes.</summary>
    public RecordStatus[] Status
    {
        get
        {
            lock (_change)
            {
                return [.. _records.Values.Select(static record => record.Refresh.Status)];
            }
        }
    }

    /// <summary>Ends when nothing waits for the disk that was begun so far.</summary>
    public Task WhenSaved => _disk.WhenIdle;

    /// <summary>Starts a loop per record, and ends when each has made its first attempt.</summary>
    public Task StartAsync(SourceAddressOptions options, bool isOn)
    {
        lock (_change)
        {
            _started = true;
            Take(options, isOn);
            return Task.WhenAll([.. _records.Values.Select(static record => record.Refresh.FirstTurn)]);
        }
    }

    /// <summary>Takes over changed options: new records start, records that have gone stop, the others are asked again at once.</summary>
    public void Use(SourceAddressOptions options, bool isOn)
    {
        // Requests come by these options already, which is not so at the start: what needs no disk stands in for a record that is new.
        foreach (var name in IsRunning && isOn ? options.RecordNames ?? [] : [])
        {
            _standIns.UseBuiltIn(name, options);
        }

        lock (_change)
        {
            Take(options, isOn);
        }
    }

    /// <summary>Ends the loops and waits for them and for the snapshot; a refresh on its way is given up.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] loops;
        lock (_change)
        {
            Tell();
            loops = [.. _loops];
        }

        await Task.WhenAll([.. loops, _lists.StopAsync()]).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!await _disk.EndsAsync(_ranges.Time, cancellationToken).ConfigureAwait(false))
        {
            _snapshots.GiveUp(_options);
        }
    }

    public void Dispose()
    {
        _lists.Fetched -= AskAgain;
        lock (_change)
        {
            Tell();
        }

        // Not before every loop has been told: a source that is disposed forgets whom it has not told yet, and they would ask DNS for ever.
        _told.ContinueWith(_ => _stopping.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private bool IsRunning
    {
        get
        {
            lock (_change)
            {
                return _started && !_stopped;
            }
        }
    }

    private void Take(SourceAddressOptions options, bool isOn)
    {
        (_options, _isOn) = (options, isOn);
        if (!IsRunning)
        {
            return;
        }

        string[] names = isOn ? options.RecordNames ?? [] : [];
        _lists.Use(options, RangeJudge.WantsLists(names, options));
        foreach (var gone in _records.Keys.Except(names, StringComparer.OrdinalIgnoreCase).ToArray())
        {
            _records.Remove(gone, out var record);
            _ = record.Stop.CancelAsync();
        }

        // All are read before any is written: the first record that DNS answers for must not overwrite what the file holds of the others.
        // A disk that hangs may answer when other options are in force, which have a piece of their own behind this one.
        var standIns = _disk.Run(() =>
        {
            if (ReferenceEquals(options, _options))
            {
                _standIns.Use(names, options);
            }
        });
        foreach (var name in names)
        {
            if (_records.TryGetValue(name, out var known))
            {
                known.Refresh.Wake(standIns);
            }
            else
            {
                _records[name] = Begin(name, standIns);
            }
        }
    }

    /// <summary>Tells the loops to end, once.</summary>
    private void Tell()
    {
        if (!_stopped)
        {
            _stopped = true;
            _told = _stopping.CancelAsync();
        }
    }

    private (RecordRefresh Refresh, CancellationTokenSource Stop) Begin(string name, Task standIns)
    {
        // Not disposed when its record goes: the loop may still look at it, and it holds nothing but a link to the stop of them all.
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var refresh = new RecordRefresh(
            name, standIns, () => new DnsTxtRangeSource(name, _resolver, _options), () => _options, _ranges, _judge, this, _logger);
        _loops.RemoveAll(static loop => loop.IsCompletedSuccessfully);
        _loops.Add(Detached.Run(() => refresh.RunAsync(stop.Token)));
        return (refresh, stop);
    }

    /// <summary>
    /// There are new lists. What no fresh list has confirmed is asked for again, so that these decide; so is what is not in force yet, since the turn that runs may
    /// have asked the lists before these came.
    /// </summary>
    private void AskAgain()
    {
        lock (_change)
        {
            foreach (var (name, (refresh, _)) in _records)
            {
                if (RangeJudge.WantsLists([name], _options) && _ranges.Record(name)?.Corroborated.Result is not Corroboration.Confirmed)
                {
                    refresh.Wish();
                }
            }
        }
    }

    void IRecordSupply.Ended(string result, TimeSpan duration)
    {
        _metrics.RangesRefreshed(result, duration);
        if (result != "failed")
        {
            SaveSnapshot();
        }
    }

    void IRecordSupply.StandIn(string name, bool isDenied)
    {
        // Nobody is to be turned away while the disk is asked. What it holds takes the place of what is built in.
        _standIns.UseBuiltIn(name, _options);
        if (isDenied)
        {
            SaveSnapshot();
        }

        _disk.Run(() => _standIns.Use([name], _options));
    }

    void IRecordSupply.StandInWithoutDisk(string name) => _standIns.UseBuiltIn(name, _options);

    private void SaveSnapshot()
    {
        // One that waits is enough: it saves what is in force when its turn comes.
        if (Interlocked.Exchange(ref _saveWaits, 1) == 0)
        {
            _disk.Run(() =>
            {
                Interlocked.Exchange(ref _saveWaits, 0); // with a barrier: what is published behind it asks for a turn of its own
                _snapshots.Save(_ranges.Snapshot, _options);
            });
        }
    }
}
