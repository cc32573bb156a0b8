using Microsoft.Extensions.Logging;
using OriginGuard.ForeignText;
using OriginGuard.Refreshing;
using OriginGuard.Telemetry;

namespace OriginGuard.Ranges;

/// <summary>
/// Keeps the ranges of one record fresh. Whatever goes wrong, the last known good ranges stay in force until
/// they are too old.
/// </summary>
internal sealed partial class RecordRefresh
{
    // A resolver of the application's own may forget an answer. Far above what a working one needs, far below the age that ranges may reach.
    private static readonly TimeSpan LongestFlight = TimeSpan.FromMinutes(5);

    // The snapshot is read first, so that a failure can say what is kept; a disk that hangs must not keep DNS waiting.
    private static readonly TimeSpan LongestWaitForDisk = TimeSpan.FromSeconds(1);

    private readonly string _name;
    private readonly Func<DnsTxtRangeSource> _source;
    private readonly Func<SourceAddressOptions> _options;
    private readonly CurrentRanges _ranges;
    private readonly Action _accepted;
    private readonly OriginGuardMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RefreshLoop _loop;
    private volatile RecordStatus _status;
    private Task? _standIns;
    private int _failures;
    private bool _hasExpired;

    public RecordRefresh(
        string name, Task standIns, Func<DnsTxtRangeSource> source, Func<SourceAddressOptions> options, CurrentRanges ranges, Action accepted,
        OriginGuardMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_name, _standIns, _source, _options, _ranges, _accepted, _metrics, _time, _logger) = (name, standIns, source, options, ranges, accepted, metrics, time, logger);
        _status = new RecordStatus(name, null, null, null, HasStopped: false);
        _loop = new RefreshLoop(TakeTurnAsync, Ended, time);
    }

    public RecordStatus Status => _status;

    /// <summary>Ends when the first attempt has, however it went.</summary>
    public Task FirstTurn => _loop.FirstTurn;

    /// <summary>Asks again at once: the configuration has changed. A flight under the old one is given up.</summary>
    /// <param name="newStandIns">Ends when what the new configuration has at hand is in force.</param>
    public void Wake(Task newStandIns)
    {
        Volatile.Write(ref _standIns, newStandIns);
        _loop.Interrupt();
    }

    public Task RunAsync(CancellationToken stopping) => _loop.RunAsync(stopping);

    private void Ended(Exception unexpected)
    {
        _status = _status with { HasStopped = true, NextAttempt = null, LastError = PrintableText.From(unexpected.Message) };
        Log.RefreshStopped(_logger, unexpected, _name);
    }

    private async Task<TimeSpan> TakeTurnAsync(CancellationToken cancellationToken)
    {
        var newStandIns = Volatile.Read(ref _standIns);
        await PrepareAsync(newStandIns, cancellationToken);
        _ = Interlocked.CompareExchange(ref _standIns, null, newStandIns);
        _status = _status with { NextAttempt = null };
        var answer = Plausible(await LoadAsync(cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        var delay = answer.Succeeded ? Accept(answer) : Keep(answer);
        var now = _time.GetUtcNow();
        _status = _status with { LastAttempt = now, LastError = answer.Detail, NextAttempt = now + delay };
        return delay;
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
            await newStandIns.WaitAsync(LongestWaitForDisk, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            Log.DiskHangs(_logger, _name, LongestWaitForDisk);
        }
    }

    private async Task<RangeAnswer> LoadAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestFlight, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            // On a thread of its own and not waited for beyond its time: a resolver of the application's own may block, and may ignore the token.
            return await Task.Run(() => _source().LoadAsync(either.Token).AsTask(), either.Token).WaitAsync(either.Token);
        }
        catch (Exception failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return RangeAnswer.Failed(RangeFailure.Lookup, limit.IsCancellationRequested
                ? $"{_name}: no answer within {LongestFlight}"
                : $"{_name}: {failure.GetType().Name}: {PrintableText.From(failure.Message)}");
        }
    }

    /// <summary>Beside what DNS has said before, and only that: what is built in may be years old, and when nothing is usable there is nothing to compare with.</summary>
    private RangeAnswer Plausible(RangeAnswer answer) =>
        answer.Succeeded && _ranges.Record(_name) is { Origin: RangeOrigin.Dns or RangeOrigin.Snapshot } before && before.IsUsable(_time, _options().MaxAge)
            && RangeRules.GrowthBreach(before.Networks, answer.Networks) is { } breach
            ? RangeAnswer.Failed(breach.Failure, $"{_name}: {breach.Detail}")
            : answer;

    private TimeSpan Accept(RangeAnswer answer)
    {
        var before = _ranges.Record(_name);
        var part = _ranges.NewPart(_name, answer.Networks, RangeOrigin.Dns, answer.TimeToLive);
        _ranges.Publish(part);
        _accepted();
        var delay = RefreshSchedule.AfterSuccess(answer.TimeToLive, _options());
        var difference = new RangeDifference(before?.Networks ?? [], part.Networks);
        _metrics.RangesRefreshed(difference.IsEmpty ? "unchanged" : "changed");
        if (difference.IsEmpty && before?.Origin is RangeOrigin.Dns)
        {
            // Who has read that DNS fails wants to read that it answers again.
            Log.RangesUnchanged(_logger, _failures > 0 ? LogLevel.Information : LogLevel.Debug, _name, part.Trie.Count, delay);
        }
        else
        {
            Log.RangesChanged(_logger, _name, part.Trie.Count, difference.Added, difference.Removed, delay);
        }

        (_failures, _hasExpired) = (0, false);
        return delay;
    }

    private TimeSpan Keep(RangeAnswer answer)
    {
        var current = _options();
        var kept = _ranges.Record(_name) ?? _ranges.NewPart(_name, [], RangeOrigin.None);
        if (kept.Origin is not RangeOrigin.None && RangeRules.FirstBreach(kept.Networks, current) is { } breach)
        {
            // What an operator has forbidden since must not live on as the last known good.
            kept = _ranges.NewPart(_name, [], RangeOrigin.None);
            _ranges.Publish(kept);
            Log.RangesDropped(_logger, _name, breach.Detail);
        }

        var isUsable = kept.IsUsable(_time, current.MaxAge);
        var hasJustExpired = !isUsable && kept.Origin is not RangeOrigin.None && !_hasExpired;
        _hasExpired |= hasJustExpired;
        _failures++;
        _metrics.RangesRefreshed("failed");
        var delay = RefreshSchedule.AfterFailure(_failures, isUsable && kept.Origin is RangeOrigin.Dns, current);
        Report(kept, isUsable, hasJustExpired || BackOff.IsLoud(_failures), answer.Detail, delay);
        return delay;
    }

    // The first failure and then ever fewer: retries come every few seconds while DNS is down.
    private void Report(RecordRanges kept, bool isUsable, bool isLoud, string? reason, TimeSpan delay)
    {
        // The line names the record already; an include keeps the name that it has.
        reason = reason?.StartsWith($"{_name}: ", StringComparison.Ordinal) is true ? reason[(_name.Length + 2)..] : reason;
        var age = kept.Age(_time);
        if (isUsable)
        {
            var origin = kept.Origin.ToName();
            Log.RangesKept(_logger, isLoud ? LogLevel.Warning : LogLevel.Debug, _name, reason, kept.Trie.Count, origin, age, delay);
        }
        else if (kept.Origin is RangeOrigin.None)
        {
            Log.NoRanges(_logger, isLoud ? LogLevel.Error : LogLevel.Debug, _name, reason, delay);
        }
        else
        {
            Log.RangesExpired(_logger, isLoud ? LogLevel.Error : LogLevel.Debug, _name, reason, age, delay);
        }
    }
}
