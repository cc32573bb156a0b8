using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OriginGuard.Checks;
using OriginGuard.Diagnostics;
using OriginGuard.Ranges;
using OriginGuard.Telemetry;

namespace OriginGuard;

/// <summary>Lets a request go on when every layer that is on admits it.</summary>
internal sealed class OriginGuardMiddleware(
    RequestDelegate next, CurrentSettings settings, OriginGuardMetrics metrics, DecisionCounts counts, RefusalSummary summary,
    Observations observations)
{
    private readonly ConditionalWeakTable<HttpContext, OriginGuardFeature> _features = [];

    public Task InvokeAsync(HttpContext context)
    {
        // A second guard in the pipeline, or a pipeline that an error handler runs again: the request has its verdict and its secret is gone.
        // (Features by type, here and where each request asks: Get<T> of an interface is a generic virtual call, and dearer than the search behind it.)
        if (context.Features[typeof(IOriginGuardFeature)] is OriginGuardFeature { HasPassed: true })
        {
            return next(context);
        }

        var current = settings.Value;
        var feature = _features.GetOrCreateValue(context);
        feature.Begin(context, current);
        feature.PeerAddress = PeerAddress.Of(context);
        context.Features[typeof(IOriginGuardFeature)] = feature;
        return current.IsDisabled || current.IsExempt(context, feature)
            ? PassUnasked(context, current, feature)
            : Ask(context, current, feature, 0, RefusalReason.None);
    }

    /// <summary>Asks the checks from <paramref name="index"/> on; <paramref name="reported"/> is the first refusal that is only reported.</summary>
    private Task Ask(HttpContext context, GuardSettings current, OriginGuardFeature feature, int index, RefusalReason reported)
    {
        for (; index < current.Checks.Length; index++)
        {
            var asked = current.Checks[index].CheckAsync(context, feature);
            if (!asked.IsCompletedSuccessfully)
            {
                return AskAsync(asked, context, current, feature, index, reported);
            }

            // Completed: the result is there and nothing waits for it.
            if (Stops(asked.Result, current, feature, index, ref reported))
            {
                return RefuseAsync(context, current, feature, index, reported);
            }
        }

        return Pass(context, current, feature, reported);
    }

    private async Task AskAsync(
        ValueTask<OriginVerdict> asked, HttpContext context, GuardSettings current, OriginGuardFeature feature, int index, RefusalReason reported)
    {
        var verdict = await asked;
        await (Stops(verdict, current, feature, index, ref reported)
            ? RefuseAsync(context, current, feature, index, reported)
            : Ask(context, current, feature, index + 1, reported));
    }

    /// <summary>Whether a verdict ends the request here. If so, <paramref name="reason"/> is what decided.</summary>
    private static bool Stops(OriginVerdict verdict, GuardSettings current, OriginGuardFeature feature, int index, ref RefusalReason reason)
    {
        feature.Note(current.Checks[index].Layer, verdict);
        if (verdict.Outcome is OriginOutcome.Admitted)
        {
            return false;
        }

        var enforced = current.Enforced[index];
        reason = enforced || reason is RefusalReason.None ? verdict.Reason : reason;
        return enforced;
    }

    private Task Pass(HttpContext context, GuardSettings current, OriginGuardFeature feature, RefusalReason reported)
    {
        if (reported is RefusalReason.None)
        {
            Record(context, feature, OriginVerdict.Admitted, current.IsEnforced);
            current.Client.Restore(context, feature.ForwardedFor);
        }
        else
        {
            Report(context, feature, OriginVerdict.Because(reported));
        }

        if (!current.IsEnforced)
        {
            Learn(context, current, feature);
        }

        if (feature.SecretSlot is { } slot)
        {
            metrics.SecretMatched(slot);
            current.Secrets.Ring.CountMatch(slot);
        }

        if (feature.User is { } user)
        {
            context.User = user;
        }

        return GoOn(context, current, feature);
    }

    private Task PassUnasked(HttpContext context, GuardSettings current, OriginGuardFeature feature)
    {
        if (current.IsDisabled)
        {
            feature.Decide(OriginVerdict.Exempted);
        }
        else
        {
            Record(context, feature, OriginVerdict.Exempted, current.IsEnforced);
        }

        return GoOn(context, current, feature);
    }

    private Task GoOn(HttpContext context, GuardSettings current, OriginGuardFeature feature)
    {
        feature.HasPassed = true;
        current.Clean(context, feature, feature.Verdict);
        return next(context);
    }

    /// <summary>In report-only mode alone, and before the header is taken off.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Learn(HttpContext context, GuardSettings current, OriginGuardFeature feature) => observations.Add(
        new Observation(
            feature.PeerAddress,
            feature.MatchedNetwork,
            context.Request.Headers.ContainsKey(current.SecretHeaderName),
            feature.SecretSlot is not null,
            feature.User is not null,
            feature.SignedAudience),
        current);

    /// <summary>What would have been refused, had the layer been enforced.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Report(HttpContext context, OriginGuardFeature feature, OriginVerdict verdict)
    {
        Record(context, feature, verdict, enforced: false);
        summary.Add(verdict, feature.PeerAddress, enforced: false);
        if (verdict.Reason is RefusalReason.AddressOutsideRanges && feature.IsOtherwiseRight)
        {
            metrics.StaleRangesSuspected();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task RefuseAsync(HttpContext context, GuardSettings current, OriginGuardFeature feature, int index, RefusalReason reason)
    {
        var verdict = OriginVerdict.Because(reason);
        Record(context, feature, verdict, enforced: true);
        summary.Add(verdict, feature.PeerAddress, enforced: true);
        if (reason is RefusalReason.AddressOutsideRanges)
        {
            await SuspectAsync(context, current, feature, index + 1);
        }

        await current.Refusal.WriteAsync(context, verdict);
    }

    /// <summary>A right secret or assertion from an unknown address is the earliest sign that the ranges have grown old.</summary>
    private async Task SuspectAsync(HttpContext context, GuardSettings current, OriginGuardFeature feature, int index)
    {
        // The next layer alone: a caller who is refused anyway must not make the guard verify signatures behind a wrong secret.
        if (index < current.Checks.Length && (await current.Checks[index].CheckAsync(context, feature)).IsAllowed)
        {
            metrics.StaleRangesSuspected();
        }
    }

    private void Record(HttpContext context, OriginGuardFeature feature, OriginVerdict verdict, bool enforced)
    {
        feature.Decide(verdict);
        metrics.Decided(verdict, enforced);
        counts.Add(verdict, enforced);

        // Without tracing there is no activity at all, and that is cheaper to ask than a feature that is not there.
        if (Activity.Current is not null && context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } activity)
        {
            activity.SetTag("originguard.verdict", verdict.Outcome.ToName());
            if (!verdict.IsAllowed)
            {
                activity.SetTag("originguard.reason", verdict.Reason.ToCode());
            }
        }
    }
}
