using Microsoft.Extensions.Logging;
using OriginGuard.ForeignText;
using OriginGuard.Telemetry;

namespace OriginGuard.Ranges;

/// <summary>
/// Keeps the ranges of one record fresh: a loop with one flight at a time. Whatever goes wrong, the last known good ranges stay in force until
/// they are too old.
/// </summary>
internal sealed partial class RecordRefresh(
    string name, Task standIns, Func<IRangeSource> source, Func<SourceAddressOptions> options, CurrentRanges ranges, Action accepted,
    OriginGuardMetrics metrics, TimeProvider time, ILogger logger)
{
    // A resolver of the application's own may forget an answer. Far above what a working one needs, far below the age that ranges may reach.
    private static readonly TimeSpan LongestFlight = TimeSpan.FromMinutes(5);

    // The snapshot is read first, so that a failure can say what is kept; a disk that hangs must not keep DNS waiting.
    private static readonly TimeSpan LongestWaitForDisk = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _firstTurn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RecordStatus _status = new(name, null, null, null, HasStopped: false);
    private Task? _standIns = standIns;
    private CancellationTokenSource? _turn;
    private Task _woken = Task.CompletedTask;
    private int _failures;
    private bool _hasExpired;

    public RecordStatus Status => _status;

    /// <summary>Ends when the first attempt has, however it went.</summary>
    public Task FirstTurn => _firstTurn.Task;

    /// <summary>Asks again at once: the configuration has changed. A flight under the old one is given up.</summary>
    /// <param name="newStandIns">Ends when what the new configuration has at hand is in force.</param>
    public void Wake(Task newStandIns)
    {
        lock (_lock)
        {
            _standIns = newStandIns;
            _woken = _turn?.CancelAsync() ?? Task.CompletedTask;
        }
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                using var turn = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                var newStandIns = Begin(turn);
                try
                {
                    await PrepareAsync(newStandIns, turn.Token);
                    var delay = await TurnAsync(turn.Token);
                    _firstTurn.TrySetResult();
                    await Task.Delay(delay, time, turn.Token);
                }
                catch (OperationCanceledException) when (turn.IsCancellationRequested)
                {
                    // Woken, or stopping: the loop's condition knows which.
                }
                finally
                {
                    // Not for its failures: what a resolver hangs on the token may throw, and that is no end of the refreshing.
                    await Task.WhenAny(PutDown());
                }
            }
        }
        catch (Exception unexpected)
        {
            _status = _status with { HasStopped = true, NextAttempt = null, LastError = PrintableText.From(unexpected.Message) };
            Log.RefreshStopped(logger, unexpected, name);
        }
        finally
        {
            _firstTurn.TrySetResult();
        }
    }

    private Task? Begin(CancellationTokenSource turn)
    {
        lock (_lock)
        {
            _turn = turn;
            (var newStandIns, _standIns) = (_standIns, null);
            return newStandIns;
        }
    }

    /// <summary>The first turn under a configuration waits for what that has at hand, and counts failures anew.</summary>
    private async Task PrepareAsync(Task? newStandIns, CancellationToken cancellationToken)
    {
        if (newStandIns is null)
        {
            return;
        }

        _failures = 0;
        try
        {
            await newStandIns.WaitAsync(LongestWaitForDisk, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            Log.DiskHangs(logger, name, LongestWaitForDisk);
        }
    }

    /// <summary>Lets go of the turn's source, which may be disposed when nobody is cancelling it any more.</summary>
    private Task PutDown()
    {
        lock (_lock)
        {
            _turn = null;
            return _woken;
        }
    }

    private async Task<TimeSpan> TurnAsync(CancellationToken cancellationToken)
    {
        _status = _status with { NextAttempt = null };
        var answer = await LoadAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var delay = answer.Succeeded ? Accept(answer) : Keep(answer);
        var now = time.GetUtcNow();
        _status = _status with { LastAttempt = now, LastError = answer.Detail, NextAttempt = now + delay };
        return delay;
    }

    private async Task<RangeAnswer> LoadAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestFlight, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            // On a thread of its own and not waited for beyond its time: a resolver of the application's own may block, and may ignore the token.
            return await Task.Run(() => source().LoadAsync(either.Token).AsTask(), either.Token).WaitAsync(either.Token);
        }
        catch (Exception failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return RangeAnswer.Failed(RangeFailure.Lookup, limit.IsCancellationRequested
                ? $"{name}: no answer within {LongestFlight}"
                : $"{name}: {failure.GetType().Name}: {PrintableText.From(failure.Message)}");
        }
    }

    private TimeSpan Accept(RangeAnswer answer)
    {
        var before = ranges.Record(name);
        var part = ranges.NewPart(name, answer.Networks, RangeOrigin.Dns, answer.TimeToLive);
        ranges.Publish(part);
        accepted();
        var delay = RefreshSchedule.AfterSuccess(answer.TimeToLive, options());
        var difference = new RangeDifference(before?.Networks ?? [], part.Networks);
        metrics.RangesRefreshed(difference.IsEmpty ? "unchanged" : "changed");
        if (difference.IsEmpty && before?.Origin is RangeOrigin.Dns)
        {
            // Who has read that DNS fails wants to read that it answers again.
            Log.RangesUnchanged(logger, _failures > 0 ? LogLevel.Information : LogLevel.Debug, name, part.Trie.Count, delay);
        }
        else
        {
            Log.RangesChanged(logger, name, part.Trie.Count, difference.Added, difference.Removed, delay);
        }

        (_failures, _hasExpired) = (0, false);
        return delay;
    }

    private TimeSpan Keep(RangeAnswer answer)
    {
        var current = options();
        var kept = ranges.Record(name) ?? ranges.NewPart(name, [], RangeOrigin.None);
        if (kept.Origin is not RangeOrigin.None && RangeRules.FirstBreach(kept.Networks, current) is { } breach)
        {
            // What an operator has forbidden since must not live on as the last known good.
            kept = ranges.NewPart(name, [], RangeOrigin.None);
            ranges.Publish(kept);
            Log.RangesDropped(logger, name, breach.Detail);
        }

        var isUsable = kept.IsUsable(time, current.MaxAge);
        var hasJustExpired = !isUsable && kept.Origin is not RangeOrigin.None && !_hasExpired;
        _hasExpired |= hasJustExpired;
        _failures++;
        metrics.RangesRefreshed("failed");
        var delay = RefreshSchedule.AfterFailure(_failures, isUsable && kept.Origin is RangeOrigin.Dns, current);
        Report(kept, isUsable, hasJustExpired || int.IsPow2(_failures), answer.Detail, delay);
        return delay;
    }

    // The first failure and then ever fewer: retries come every few seconds while DNS is down.
    private void Report(RangePart kept, bool isUsable, bool isLoud, string? reason, TimeSpan delay)
    {
        // The line names the record already; an include keeps the name that it has.
        reason = reason?.StartsWith($"{name}: ", StringComparison.Ordinal) is true ? reason[(name.Length + 2)..] : reason;
        var age = kept.Age(time);
        if (isUsable)
        {
            var origin = kept.Origin.ToName();
            Log.RangesKept(logger, isLoud ? LogLevel.Warning : LogLevel.Debug, name, reason, kept.Trie.Count, origin, age, delay);
        }
        else if (kept.Origin is RangeOrigin.None)
        {
            Log.NoRanges(logger, isLoud ? LogLevel.Error : LogLevel.Debug, name, reason, delay);
        }
        else
        {
            Log.RangesExpired(logger, isLoud ? LogLevel.Error : LogLevel.Debug, name, reason, age, delay);
        }
    }
}
