using Microsoft.Extensions.Logging;
using OriginGuard.ForeignText;
using OriginGuard.PublishedLists;
using OriginGuard.Refreshing;
using OriginGuard.Surroundings;

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
    private readonly RangeJudge _judge;
    private readonly IRecordSupply _supply;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RefreshLoop _loop;
    private readonly SideThread _thread;
    private volatile RecordStatus _status;
    private Task? _standIns;
    private RecordRanges? _beforeItShrank;
    private long _asked;
    private int _failures;
    private bool _hasExpired;

    /// <param name="name">The record's name.</param>
    /// <param name="standIns">Ends when what is at hand for it is in force.</param>
    /// <param name="source">Where it is read, by the options of the moment.</param>
    /// <param name="options">The options of the moment.</param>
    /// <param name="ranges">Where its ranges come into force.</param>
    /// <param name="judge">What an answer is compared with.</param>
    /// <param name="supply">What stands in for it, and learns how each refresh ended.</param>
    /// <param name="logger">Learns what an operator wants to know.</param>
    public RecordRefresh(
        string name, Task standIns, Func<DnsTxtRangeSource> source, Func<SourceAddressOptions> options, CurrentRanges ranges, RangeJudge judge, IRecordSupply supply,
        ILogger logger)
    {
        (_name, _standIns, _source, _options, _ranges, _judge, _supply, _logger) = (name, standIns, source, options, ranges, judge, supply, logger);
        _time = ranges.Time;
        _thread = new SideThread(_time);
        _status = new RecordStatus(name, null, null, null, HasStopped: false);
        _loop = new RefreshLoop(TakeTurnAsync, Ended, _time);
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

    /// <summary>Asks again as soon as the turn that runs has ended: what answers are compared with has changed.</summary>
    public void Wish() => _loop.Wish();

    public Task RunAsync(CancellationToken stopping) => _loop.RunAsync(stopping);

    private void Ended(Exception unexpected)
    {
        _status = _status with { HasStopped = true, NextAttempt = null, LastError = PrintableText.From(unexpected.Message) };
        Log.RefreshStopped(_logger, unexpected, _name);
    }

    private async Task<TimeSpan> TakeTurnAsync(CancellationToken cancellationToken)
    {
        var newStandIns = Volatile.Read(ref _standIns);
        await PrepareAsync(newStandIns, cancellationToken).ConfigureAwait(false);
        _ = Interlocked.CompareExchange(ref _standIns, null, newStandIns);
        (_status, _asked) = (_status with { NextAttempt = null }, _time.GetTimestamp());
        var answer = await LoadAsync(cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var (breach, said) = answer.Succeeded ? await JudgeAsync(answer, cancellationToken).ConfigureAwait(false) : (null, default);
        answer = breach is { } found ? RangeAnswer.Failed(found.Failure, $"{_name}: {found.Detail}") : answer;
        var delay = answer.Succeeded ? Accept(answer, said) : Keep(answer);
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
            await newStandIns.WaitAsync(LongestWaitForDisk, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Log.DiskHangs(_logger, _name, LongestWaitForDisk);
            _supply.StandInWithoutDisk(_name);
        }
    }

    private async Task<RangeAnswer> LoadAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestFlight, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            // A resolver of the application's own may block, and may ignore the token.
            return await _thread.RunAsync(flight => _source().LoadAsync(flight).AsTask(), either.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return RangeAnswer.Failed(RangeFailure.Lookup, limit.IsCancellationRequested
                ? $"{_name}: no answer within {LongestFlight}"
                : $"{_name}: {failure.GetType().Name}: {PrintableText.From(failure.Message)}");
        }
    }

    private async ValueTask<(RangeBreach? Breach, Corroborated Said)> JudgeAsync(RangeAnswer answer, CancellationToken cancellationToken)
    {
        var options = _options();
        if (_judge.Growth(_name, answer.Networks, _beforeItShrank, options) is { } growth)
        {
            return (growth, default);
        }

        var said = await _judge.AskAsync(_name, answer.Networks, options, cancellationToken).ConfigureAwait(false);
        return (said.Result is Corroboration.Denied ? new RangeBreach(RangeFailure.Uncorroborated, $"Google's own lists deny the answer: {said.Objection}") : null, said);
    }

    private TimeSpan Accept(RangeAnswer answer, Corroborated said)
    {
        var before = _ranges.Record(_name);
        var former = before?.Networks ?? [];
        var difference = new RangeDifference(former, answer.Networks);

        said = difference.IsEmpty ? said.After(before?.Corroborated ?? default) : said;
        var part = _ranges.NewPart(_name, answer.Networks, RangeOrigin.Dns, answer.TimeToLive, corroborated: said);
        _ranges.Publish(part);
        var delay = RefreshSchedule.AfterSuccess(answer.TimeToLive, _options());
        _supply.Ended(difference.IsEmpty ? "unchanged" : "changed", _time.GetElapsedTime(_asked));
        if (difference.IsEmpty && before?.Origin is RangeOrigin.Dns)
        {
            // Who has read that DNS fails wants to read that it answers again.
            Log.RangesUnchanged(_logger, _failures > 0 ? LogLevel.Information : LogLevel.Debug, _name, part.Trie.Count, delay);
        }
        else
        {
            var hasShrunk = RangeRules.HasShrunk(former, part.Networks);
            _beforeItShrank = !hasShrunk || _beforeItShrank?.IsUsable(_time, _options().MaxAge) is true ? _beforeItShrank : before;
            Log.RangesChanged(_logger, hasShrunk ? LogLevel.Warning : LogLevel.Information, _name, part.Trie.Count, difference.Added, difference.Removed, delay);
        }

        if ((!difference.IsEmpty || before?.Origin is not RangeOrigin.Dns) && _judge.Rented(_name, answer.Networks, _options()) is var (network, customers))
        {
            Log.RangesRented(_logger, _name, network, customers);
        }

        if (said.Result is Corroboration.Doubted && before?.Corroborated != said)
        {
            Log.RangesDoubted(_logger, _name, said.Objection);
        }

        (_failures, _hasExpired) = (0, false);
        return delay;
    }

    private TimeSpan Keep(RangeAnswer answer)
    {
        var current = _options();
        var kept = Reviewed(current);
        var isUsable = kept.IsUsable(_time, current.MaxAge);
        var hasJustExpired = !isUsable && kept.Origin is not RangeOrigin.None && !_hasExpired;
        _hasExpired |= hasJustExpired;
        _failures++;
        _supply.Ended("failed", _time.GetElapsedTime(_asked));
        var delay = RefreshSchedule.AfterFailure(_failures, isUsable && kept.Origin is RangeOrigin.Dns ? current.MaxAge - kept.Age(_time) : null, current);
        Report(kept, isUsable, hasJustExpired || BackOff.IsLoud(_failures), answer.Detail, delay);
        return delay;
    }

    /// <summary>The ranges in force, if they may stay: what an operator or the lists have forbidden since must not live on as the last known good.</summary>
    private RecordRanges Reviewed(SourceAddressOptions current)
    {
        // By exchange: what is at hand may be put in force meanwhile.
        if (_ranges.Record(_name) is not { Origin: not RangeOrigin.None } kept)
        {
            return _ranges.NewPart(_name, [], RangeOrigin.None);
        }

        var said = _judge.Ask(_name, kept.Networks, current);
        if (RangeJudge.Objection(kept, said, current) is { } objection)
        {
            if (!_ranges.TryDrop(kept, inForce => RangeJudge.Objection(kept, _judge.Ask(_name, kept.Networks, inForce), inForce) is not null))
            {
                // A newer answer, or a newer configuration, which has this turn repeated.
                return _ranges.Record(_name) ?? kept;
            }

            Log.RangesDropped(_logger, _name, objection);
            _supply.StandIn(_name, RangeJudge.IsDenied(kept, said));
            return _ranges.Record(_name) ?? _ranges.NewPart(_name, [], RangeOrigin.None);
        }

        if (said.Result is Corroboration.Confirmed && kept.Corroborated.Result is not Corroboration.Confirmed)
        {
            _ranges.TryReplace(kept, kept.With(said));
        }

        return kept;
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
