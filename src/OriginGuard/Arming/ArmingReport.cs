using System.Globalization;
using OriginGuard.ForeignText;

namespace OriginGuard.Arming;

/// <summary>Whether the guard can refuse without locking out anybody who belongs here, and who stands against it. The same on the page, in JSON and on a terminal.</summary>
/// <param name="Verdict">ready, breaks, unproven or watching.</param>
/// <param name="Summary">The same as a sentence.</param>
/// <param name="IsArmed">The guard refuses already.</param>
/// <param name="Since">When the account was begun.</param>
/// <param name="AsOf">Up to when it is known.</param>
/// <param name="ReadySince">Since when nobody but strangers was seen; null where that is not long enough.</param>
/// <param name="Admitted">How many requests every layer admitted.</param>
/// <param name="Undetermined">How many the guard could not tell about.</param>
/// <param name="Breaks">Who would be locked out, or is.</param>
/// <param name="Earlier">Who would have been, and has not been seen lately.</param>
/// <param name="Strangers">Those whom the guard is for.</param>
internal sealed record ArmingReport(
    string Verdict,
    string Summary,
    bool IsArmed,
    DateTimeOffset Since,
    DateTimeOffset AsOf,
    DateTimeOffset? ReadySince,
    long Admitted,
    long Undetermined,
    IReadOnlyList<ArmingCaller> Breaks,
    IReadOnlyList<ArmingCaller> Earlier,
    ArmingStrangers Strangers)
{
    public const string Ready = "ready";

    /// <summary>Jobs run daily: who was not seen for a day of watching, and has no slower rhythm, does not come any more.</summary>
    private static readonly TimeSpan Proof = TimeSpan.FromDays(1);

    public static ArmingReport Of(ArmingState state)
    {
        var named = state.Callers.Where(static caller => caller.Kind != nameof(CallerKind.Stranger)).GroupBy(JobOf)
            .Select(static job => (Callers: job.ToArray(), Rhythm: RhythmOf([.. job])))
            .SelectMany(job => job.Callers.Select(caller => (Caller: caller, IsDue: state.AsOf - caller.LastSeen < job.Rhythm.Pause, job.Rhythm.IsDaily)))
            .ToLookup(entry => entry.IsDue && entry.Caller.LastSeen >= state.SettingsSince);
        var breaks = Group(named[true]);

        // Who comes daily would have come within the day of proof.
        var rare = Group(named[false].Where(static entry => entry is { IsDue: true, IsDaily: false })).Count;
        var quiet = TimeSpan.FromSeconds(state.QuietSeconds);
        var verdict = breaks.Count > 0 ? "breaks" : state.QuietAdmitted == 0 ? "unproven" : quiet < Proof || rare > 0 ? "watching" : Ready;
        return new ArmingReport(
            verdict,
            Sentence(verdict, state, breaks.Count, rare, quiet),
            state.IsArmed,
            state.Since,
            state.AsOf,
            verdict == Ready ? state.QuietSince : null,
            state.Admitted,
            state.Undetermined,
            breaks,
            Group(named[false]),
            ArmingStrangers.Of(state));

        static IReadOnlyList<ArmingCaller> Group(IEnumerable<(CallerState Caller, bool IsDue, bool IsDaily)> entries) => ArmingCaller.Group(entries.Select(static entry => entry.Caller));
    }

    /// <summary>A time to the minute, which is as exact as the file is.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>What comes in one rhythm, from whatever network: a job may run on another machine each time.</summary>
    private static (string, string?, string, string?) JobOf(CallerState caller) => (caller.Kind, caller.Agent, string.Join(',', caller.Reasons), caller.Route);

    /// <summary>
    /// Twice as long as from one day of a job to the next; a day at least. Of the days between the first and the last of a network only how many is known, so that some
    /// may be missed, and the pause taken for longer.
    /// </summary>
    private static Rhythm RhythmOf(CallerState[] job)
    {
        var ends = job.SelectMany(static caller => (DateTimeOffset[])[caller.FirstSeen, caller.LastSeen]).ToArray();
        var days = Math.Max(job.Max(static caller => caller.Days), ends.DistinctBy(static end => end.UtcDateTime.Date).Count());
        var pause = days > 1 ? (ends.Max() - ends.Min()) / (days - 1) * 2 : Proof;
        return new Rhythm(pause > Proof ? pause : Proof, IsDaily: (ends.Max().UtcDateTime.Date - ends.Min().UtcDateTime.Date).TotalDays <= days - 1);
    }

    private static string Sentence(string verdict, ArmingState state, int breaks, int rare, TimeSpan quiet) => (verdict, state.IsArmed) switch
    {
        ("breaks", false) => $"Not ready: {ShownText.Count(breaks, "caller")} would be refused that may belong here.",
        ("breaks", true) => $"{ShownText.Count(breaks, "caller")} {(breaks == 1 ? "was" : "were")} refused that may belong here.",
        ("unproven", false) => $"Not ready: since {Time(state.QuietSince)} no request was admitted by every layer, so that nothing is known of your own traffic.",
        ("unproven", true) => $"Since {Time(state.QuietSince)} no request was admitted.",
        ("watching", false) when quiet >= Proof => $"Not ready yet: {ShownText.Count(rare, "caller")} that {(rare == 1 ? "does" : "do")} not come every day came before the settings changed, and may be due. Look under "
            + "\"not seen lately\" whether that is mended.",
        ("watching", false) => $"Not ready yet: {Quiet(quiet, state)} nobody but strangers would have been refused. Watch for a day.",
        (_, false) => $"Ready to enforce since {Time(state.QuietSince)}: {Quiet(quiet, state)} nobody but strangers would have been refused.",
        _ => $"Enforced: {Quiet(quiet, state)} nobody but strangers was refused.",
    };

    private static string Quiet(TimeSpan quiet, ArmingState state) =>
        $"in {Words(quiet)} of watching, in which {ShownText.Count(state.QuietAdmitted, "request")} {(state.QuietAdmitted == 1 ? "was" : "were")} admitted,";

    private static string Words(TimeSpan quiet) => quiet.TotalHours < 2 ? ShownText.Count((long)quiet.TotalMinutes, "minute")
        : quiet.TotalDays < 2 ? ShownText.Count((long)quiet.TotalHours, "hour") : ShownText.Count((long)quiet.TotalDays, "day");

    /// <summary>How a job comes.</summary>
    /// <param name="Pause">After how long it is not expected any more.</param>
    /// <param name="IsDaily">It was seen on each day from the first to the last.</param>
    private readonly record struct Rhythm(TimeSpan Pause, bool IsDaily);
}
