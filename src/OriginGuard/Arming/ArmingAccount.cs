using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OriginGuard.Checks;
using OriginGuard.ForeignText;
using OriginGuard.Telemetry;

namespace OriginGuard.Arming;

/// <summary>
/// Who would be locked out: a bounded account of the requests that the guard does not admit. Anyone who reaches the origin adds to it, so each kind of caller has a
/// table of its own, strangers on no route are only counted, and nothing of it changes what the guard does. An admitted request costs nothing here.
/// </summary>
internal sealed class ArmingAccount
{
    private const int MostPerSecond = 200;
    private const int LongestRoute = 100;
    private static readonly int Kinds = Enum.GetValues<CallerKind>().Length;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly DecisionCounts _counts;
    private readonly PerSecond _strangerRate;
    private readonly PerSecond _displacements;
    private CallerTable[] _callers;
    private string _settings = "";
    private bool _isArmed;
    private DateTimeOffset _since;
    private DateTimeOffset _settingsSince;
    private DateTimeOffset _quietSince;
    private TimeSpan _quiet;
    private long _quietAdmitted;
    private long _admitted;
    private long _undetermined;
    private long _strangers;
    private long _settledAt;
    private long _settledCount;
    private int _isChanged;

    public ArmingAccount(TimeProvider time, DecisionCounts counts)
    {
        (_time, _counts) = (time, counts);
        (_strangerRate, _displacements) = (new PerSecond(MostPerSecond, time), new PerSecond(MostPerSecond, time));
        _callers = NewTables();
        _since = _settingsSince = _quietSince = time.GetUtcNow();
        (_settledAt, _settledCount) = (time.GetTimestamp(), CountAdmitted());
    }

    /// <summary>The pattern of the endpoint that a request goes to; null where there is none, or none that routing has found yet.</summary>
    public static string? RouteOf(HttpContext context) =>
        (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } pattern ? PrintableText.From(pattern, LongestRoute) : null;

    /// <summary>Goes on with what was kept over a restart. Once, before the first request.</summary>
    public void Restore(ArmingState saved)
    {
        // Kept under a clock that went ahead of this one: nothing is younger than now.
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            (_settings, _admitted, _undetermined, _strangers) = (saved.Settings, saved.Admitted, saved.Undetermined, saved.Strangers);
            (_quiet, _quietAdmitted) = (TimeSpan.FromSeconds(saved.QuietSeconds), saved.QuietAdmitted);
            (_since, _settingsSince, _quietSince) = (Earlier(saved.Since, now), Earlier(saved.SettingsSince, now), Earlier(saved.QuietSince, now));
            _callers = NewTables();
            foreach (var caller in saved.Callers)
            {
                if (ArmingText.KeyOf(caller) is { } key)
                {
                    _callers[(int)key.Kind].Restore(Caller.Restore(caller with { FirstSeen = Earlier(caller.FirstSeen, now), LastSeen = Earlier(caller.LastSeen, now) }, key));
                }
            }
        }
    }

    /// <summary>Settings are in force. Those that decide otherwise than those before prove anew that nobody is locked out.</summary>
    /// <param name="settings">Tells them apart.</param>
    /// <param name="isArmed">Every layer that is on refuses.</param>
    public void Use(string settings, bool isArmed)
    {
        var now = Now();
        lock (_lock)
        {
            Settle(now);
            (_isArmed, _isChanged) = (isArmed, 1);
            if (_settings != settings)
            {
                (_settings, _settingsSince) = (settings, now.Time);
                Disturb(now.Time);
            }
        }
    }

    public void Add(in Encounter met, string? route)
    {
        if (met.Kind is CallerKind.Stranger)
        {
            Interlocked.Increment(ref _strangers);
            Volatile.Write(ref _isChanged, 1);
            if (route is null || !_strangerRate.Take())
            {
                return;
            }
        }

        Count(met, route);
    }

    /// <summary>The account as it is now.</summary>
    public ArmingState Read()
    {
        var now = Now();
        lock (_lock)
        {
            Settle(now);
            return new ArmingState
            {
                Since = _since,
                AsOf = now.Time,
                Settings = _settings,
                SettingsSince = _settingsSince,
                IsArmed = _isArmed,
                QuietSince = _quietSince,
                QuietSeconds = (long)_quiet.TotalSeconds,
                QuietAdmitted = _quietAdmitted,
                Admitted = _admitted,
                Strangers = Interlocked.Read(ref _strangers),
                Undetermined = _undetermined,
                Callers = [.. _callers.SelectMany(static table => table.All).Select(StateOf)],
            };
        }
    }

    /// <summary>The account, if anything was added since it was last taken.</summary>
    public ArmingState? TakeChanged()
    {
        var isChanged = Interlocked.Exchange(ref _isChanged, 0) == 1;
        return isChanged || CountAdmitted() != Interlocked.Read(ref _settledCount) ? Read() : null;
    }

    /// <summary>What was taken could not be kept: it is taken once more.</summary>
    public void KeepAgain() => Volatile.Write(ref _isChanged, 1);

    private static DateTimeOffset Earlier(DateTimeOffset saved, DateTimeOffset now) => saved < now ? saved : now;

    private static CallerState StateOf(Caller caller) => new()
    {
        Kind = caller.Key.Kind.ToString(),
        Agent = caller.Key.Agent,
        Reasons = [.. caller.Key.Reasons.Reasons.Select(static reason => reason.ToCode())],
        Network = caller.Key.Network?.ToString(),
        Route = caller.Key.Route,
        FirstSeen = caller.First,
        LastSeen = caller.Last,
        Days = caller.Days,
        Refused = caller.Refused,
        Reported = caller.Reported,
        OvercountAtMost = caller.OvercountAtMost,
    };

    private CallerTable[] NewTables() => [.. Enumerable.Range(0, Kinds).Select(_ => new CallerTable(_displacements))];

    private void Count(in Encounter met, string? route)
    {
        var now = Now();
        lock (_lock)
        {
            _isChanged = 1;
            if (met.Kind is not CallerKind.Stranger)
            {
                Settle(now);
                Disturb(now.Time);
            }

            if (met.Reasons.OfCaller().IsEmpty)
            {
                _undetermined++;
                return;
            }

            _callers[(int)met.Kind].Add(CallerKey.Of(met, route), now.Time, met.IsEnforced);
        }
    }

    /// <summary>Never under the lock, where nobody else's code may run.</summary>
    private Moment Now() => new(_time.GetTimestamp(), _time.GetUtcNow(), CountAdmitted());

    /// <summary>Adds up what went well since the last time: how long, and how many requests.</summary>
    private void Settle(Moment now)
    {
        // The clock may have gone ahead when these were noted: nothing is younger than now.
        (_since, _settingsSince, _quietSince) = (Earlier(_since, now.Time), Earlier(_settingsSince, now.Time), Earlier(_quietSince, now.Time));

        // Whoever was faster has counted it.
        if (now.Timestamp >= _settledAt && now.Admitted >= _settledCount)
        {
            _quiet += _time.GetElapsedTime(_settledAt, now.Timestamp);
            (_quietAdmitted, _admitted) = (_quietAdmitted + now.Admitted - _settledCount, _admitted + now.Admitted - _settledCount);
            (_settledAt, _settledCount) = (now.Timestamp, now.Admitted);
        }
    }

    /// <summary>Somebody came who would be locked out: from here on it has to be proved anew that nobody does.</summary>
    private void Disturb(DateTimeOffset now) => (_quietSince, _quiet, _quietAdmitted) = (now, TimeSpan.Zero, 0);

    private long CountAdmitted() => _counts[OriginVerdict.Admitted, true] + _counts[OriginVerdict.Admitted, false];

    /// <summary>What the clock and the counts said together.</summary>
    private readonly record struct Moment(long Timestamp, DateTimeOffset Time, long Admitted);
}
