using System.Security.Claims;
using OriginGuard.Arming;
using OriginGuard.Checks;
using OriginGuard.Configuration;
using OriginGuard.Guard;
using OriginGuard.Iap;
using OriginGuard.Learning;
using OriginGuard.PublishedLists;
using OriginGuard.Ranges;
using OriginGuard.References;
using OriginGuard.Settings;
using OriginGuard.SharedSecret;
using OriginGuard.Telemetry;

namespace OriginGuard.Diagnostics;

/// <summary>Reads off the rooms what there is to know. It asks nobody, and notes only that it was asked: whoever may see the page cannot make the guard work by it.</summary>
internal sealed class DiagnosisReader(RangeRefresher refresher, DecisionCounts counts, Observations observations, ArmingAccount account, TimeProvider time)
{
    // A record may hold ten thousand; who needs them all has `dig`.
    private const int MostNetworks = 100;

    /// <param name="asking">The request that asks.</param>
    /// <param name="reference">What it wants to have opened; null for nothing.</param>
    public Diagnosis Read(GuardedRequest asking, string? reference = null)
    {
        var plan = asking.Plan;
        var current = plan.Options;
        return new Diagnosis(
            time.GetUtcNow(),
            current.Mode.ToString(),
            current.Platform.ToString(),
            Request(asking, current.SourceAddress),
            ArrivalReader.Of(asking),
            [.. asking.Layers.Zip(plan.Layers, (found, layer) => LayerOf(found, layer, current.Reading))],
            plan.Address.IsOn ? Ranges(plan.Address.Ranges.Snapshot, plan.Address.WantsLists ? refresher.Lists : null) : null,
            plan.Secret.IsOn ? Secrets(plan.Secret.Secrets, asking.SecretSlot) : null,
            plan.Iap.IsOn ? Keys(current.Iap, plan.Iap.KeyStatus) : null,
            Counts(),
            current.Mode is LayerMode.ReportOnly ? observations.Read(current) : null,
            ArmingReport.Of(account.Read()),
            plan.References is { } references ? Open(references, reference) : null);
    }

    private static RequestDiagnosis Request(GuardedRequest asking, SourceAddressOptions source) => new(
        asking.Verdict.Outcome.ToName(),
        asking.PeerAddress?.ToString(),
        (source.From ?? PeerAddressSource.Connection).ToString(),
        source.From is PeerAddressSource.ForwardedFor ? source.ForwardedForPosition : null,
        asking.MatchedNetwork?.ToString(),
        asking.ClientAddress?.ToString(),
        asking.SecretSlot,
        asking.User is { } user ? new UserDiagnosis(user.FindFirstValue(IapClaimTypes.Subject), user.FindFirstValue(IapClaimTypes.Email)) : null);

    private static LayerDiagnosis LayerOf(LayerFinding found, Layer layer, ReadingNotes reading) => new(
        layer.Name.ToString(),
        layer.IsOn,
        layer.Mode.ToString(),
        reading.AsWritten(layer.Why),
        found.Verdict?.Outcome.ToName(),
        found.Verdict?.Code,
        reading.AsWritten(found.Explanation));

    private RangesDiagnosis Ranges(RangeSnapshot snapshot, ListsStatus? lists)
    {
        var status = refresher.Status;
        List<RecordDiagnosis> records = [];
        foreach (var part in snapshot.Parts)
        {
            records.Add(Record(part, snapshot.MaxAge, Array.Find(status, record => string.Equals(record.Name, part.Name, StringComparison.OrdinalIgnoreCase))));
        }

        return new RangesDiagnosis(
            (long)snapshot.MaxAge.TotalSeconds,
            lists is null ? null : new ListsDiagnosis(lists.Source, lists.Networks.PublishedAt, (long?)lists.Age(time)?.TotalSeconds, lists.LastError),
            records);
    }

    private RecordDiagnosis Record(RecordRanges part, TimeSpan maxAge, RecordStatus? status)
    {
        var wasLoaded = part.Origin is not (RangeOrigin.None or RangeOrigin.Static);
        return new RecordDiagnosis(
            part.Name.Length == 0 ? null : part.Name,
            part.Origin.ToName(),
            part.IsUsable(time, maxAge),
            part.Networks.Count,
            [.. part.Networks.Take(MostNetworks).Select(static network => network.ToString())],
            wasLoaded ? part.LoadedAt : null,
            wasLoaded ? (long)part.Age(time).TotalSeconds : null,
            part.Origin is RangeOrigin.Dns ? (long)part.TimeToLive.TotalSeconds : null,
            status?.LastAttempt is null ? null : status.LastError is null ? "succeeded" : "failed",
            status?.LastAttempt,
            status?.LastError,
            status?.NextAttempt,
            status?.HasStopped ?? false,
            part.Corroborated.Result.ToName(),
            part.Corroborated.Objection);
    }

    private SecretsDiagnosis Secrets(PlannedSecrets secrets, int? slotOfAsking)
    {
        var watch = secrets.Watch;
        if (slotOfAsking == 0)
        {
            watch.Ring.CountQuestion();
        }

        var rotation = Rotation.Of(watch, time.GetUtcNow());
        return new SecretsDiagnosis(
            secrets.Options.HeaderName,
            watch.Since,
            rotation?.Says,
            rotation?.Step,
            [.. watch.Uses.Select((use, slot) => new SlotDiagnosis(slot, watch.Ring.MatchesOf(slot), use.LastSeen))]);
    }

    private static IapDiagnosis Keys(IapOptions configured, IapKeyStatus keys) =>
        new(configured.Audiences, configured.ProjectNumber, keys.Count, (long?)keys.Age?.TotalSeconds, keys.LastError);

    private static ReferencesDiagnosis Open(RefusalReferences references, string? reference)
    {
        var problem = default(string);
        var opened = string.IsNullOrWhiteSpace(reference) ? null : references.Key.Open(ReferenceText.Find(reference) ?? reference, out problem);
        return new ReferencesDiagnosis(references.Key.Id, references.IsOfProcess, opened is null ? null : Explanation.Of(opened), problem);
    }

    /// <summary>Only what has happened, in the order of the layers.</summary>
    private CountsDiagnosis Counts()
    {
        IEnumerable<OriginVerdict> verdicts =
        [
            OriginVerdict.Admitted,
            OriginVerdict.Exempted,
            .. Enum.GetValues<RefusalReason>().Where(static reason => reason is not RefusalReason.None).Select(OriginVerdict.Because),
        ];
        return new CountsDiagnosis(counts.Since, [.. verdicts
            .Select(verdict => new CountDiagnosis(verdict.Outcome.ToName(), verdict.Code, counts[verdict, true], counts[verdict, false]))
            .Where(static count => count.Enforced + count.Reported > 0)]);
    }
}
