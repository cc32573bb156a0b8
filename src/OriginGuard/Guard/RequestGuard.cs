using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OriginGuard.Arming;
using OriginGuard.Checks;
using OriginGuard.Learning;
using OriginGuard.Ranges;
using OriginGuard.References;
using OriginGuard.Telemetry;

namespace OriginGuard.Guard;

/// <summary>Lets a request go on when every layer that is on admits it.</summary>
internal sealed class RequestGuard(
    GuardedRequests requests, GuardedPipeline pipeline, OriginGuardMetrics metrics, DecisionCounts counts, RequestRefusals refusals, Observations observations, ArmingAccount account,
    TimeProvider time)
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = requests.Of(context);

        // A second guard in the pipeline, or a pipeline that an error handler runs again: the request has its verdict. But an exemption is one of its path.
        return request.HasPassed && (request.Verdict.Outcome is not OriginOutcome.Exempted || request.Plan.IsDisabled || request.Plan.IsExempt(context, request))
            ? next(context)
            : Begin(request, next);
    }

    private Task Begin(GuardedRequest request, RequestDelegate next)
    {
        request.BeAsked(next);
        request.Context.Features[typeof(IOriginGuardFeature)] = request;
        return request.Plan.IsDisabled || request.Plan.IsExempt(request.Context, request) ? PassUnasked(request) : Ask(request);
    }

    /// <summary>Asks the checks, from the request's next one on.</summary>
    private Task Ask(GuardedRequest request)
    {
        var checks = request.Plan.Checks;
        for (; request.Index < checks.Length; request.Index++)
        {
            var asked = checks[request.Index].Check.CheckAsync(request.Context, request);
            if (!asked.IsCompletedSuccessfully)
            {
                return AskAsync(asked, request);
            }

            // Completed: the result is there and nothing waits for it.
            if (Stops(asked.Result, request))
            {
                return RefuseAsync(request);
            }
        }

        return PassAsync(request);
    }

    private async Task AskAsync(ValueTask<OriginVerdict> asked, GuardedRequest request)
    {
        request.BeginWait();
        var (verdict, isOver) = await request.EndWaitAsync(asked).ConfigureAwait(false);
        if (isOver)
        {
            return;
        }

        var stops = Stops(verdict, request);
        request.Index++;
        await (stops ? RefuseAsync(request) : Ask(request)).ConfigureAwait(false);
    }

    /// <summary>Whether a verdict ends the request here. If not, and it is a refusal, it is only reported.</summary>
    private static bool Stops(OriginVerdict verdict, GuardedRequest request)
    {
        var asked = request.Plan.Checks[request.Index];
        request.Note(asked.Check.Layer, verdict);
        if (verdict.Outcome is OriginOutcome.Admitted)
        {
            return false;
        }

        request.Reason = asked.IsEnforced || request.Reason is RefusalReason.None ? verdict.Reason : request.Reason;
        return asked.IsEnforced;
    }

    private Task PassAsync(GuardedRequest request)
    {
        var isAdmitted = request.Reason is RefusalReason.None;
        if (isAdmitted)
        {
            Record(request, OriginVerdict.Admitted, request.Plan.IsEnforced);
        }
        else
        {
            Report(request, OriginVerdict.Because(request.Reason));
        }

        if (request.SecretSlot is { } slot)
        {
            metrics.SecretMatched(slot);
            request.SlotCounts?.CountMatch(slot);
        }

        if (!request.Plan.IsEnforced)
        {
            // Whoever only watches changes nothing that the application sees.
            Learn(request);
        }

        // A layer that only reports does not take the client away, where one that is enforced has spoken for the request.
        if (request.Plan.IsClientRestored && (isAdmitted || request.Plan.IsProven(request)))
        {
            request.RestoreClient();
        }

        return isAdmitted ? GoOn(request) : GoOnReportedAsync(request);
    }

    /// <summary>
    /// Hands on what the guard has found out of the user. What the assertion's layer enforces holds also where another layer only reports: switched on to watch,
    /// that one neither takes a user away nor opens to a preflight more than CORS.
    /// </summary>
    private Task GoOn(GuardedRequest request) =>
        !request.Plan.IsIdentityTaken ? request.GoOn()
        : request.IsForCorsAlone ? pipeline.CorsAlone(request.Context)
        : request.User is { } user ? SignedInUser.GoOnAsync(request, user)
        : request.GoOn();

    /// <summary>
    /// Lets a request pass that would have been refused, and puts it into the account: at once where the guard stands behind routing, and else when the application has
    /// answered, since its route is not known before.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task GoOnReportedAsync(GuardedRequest request)
    {
        if (HasHungUp(request))
        {
            return GoOn(request);
        }

        var met = EncounterWith(request, RefusalRecords.LayersOf(request), isEnforced: false);
        if (ArmingAccount.RouteOf(request.Context) is { } route)
        {
            account.Add(met, route);
            return GoOn(request);
        }

        return GoOnThenAddAsync(request, met);
    }

    private async Task GoOnThenAddAsync(GuardedRequest request, Encounter met)
    {
        var context = request.Context;
        try
        {
            await GoOn(request).ConfigureAwait(false);
        }
        finally
        {
            // A request that the server has ended while somebody waited for its user: the context may be another one's by now.
            account.Add(met, request.IsOver ? null : ArmingAccount.RouteOf(context));
        }
    }

    private Task PassUnasked(GuardedRequest request)
    {
        if (request.Plan.IsDisabled)
        {
            request.Decide(OriginVerdict.Exempted);
        }
        else
        {
            Record(request, OriginVerdict.Exempted, request.Plan.IsEnforced);
            if (PeerAddress.Seen(request.Context) is { } seen && request.Plan.Connections.Objection(seen.Address, time) is { } reason)
            {
                // Exempt as a request, and its connection would be refused before anybody sees what it asks for.
                account.Add(Encounter.OfConnection(request.Context, seen.Address, reason), ArmingAccount.RouteOf(request.Context));
            }
        }

        return request.GoOn();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Learn(GuardedRequest request) => observations.Add(
        new Observation(
            request.PeerAddress,
            request.MatchedNetwork,
            request.Secret.Count > 0,
            request.SecretSlot is not null,
            request.User is not null,
            request.SignedAudience),
        request.Plan);

    /// <summary>What would have been refused, had the layer been enforced.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Report(GuardedRequest request, OriginVerdict verdict)
    {
        Record(request, verdict, enforced: false);
        refusals.Add(verdict, request.PeerAddress, enforced: false);
        if (verdict.Reason is RefusalReason.AddressOutsideRanges && request.IsOtherwiseRight)
        {
            metrics.StaleRangesSuspected();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task RefuseAsync(GuardedRequest request)
    {
        var verdict = OriginVerdict.Because(request.Reason);
        Record(request, verdict, enforced: true);

        // Before the other layers are glanced at, which write down what they find.
        var peer = request.PeerAddress;
        var layers = RefusalRecords.LayersOf(request);
        var reference = request.Plan.References is { } references && references.Take() ? references.Seal(RefusalRecords.Of(request, layers, verdict.Reason, time.GetUtcNow())) : null;
        refusals.Add(verdict, peer, enforced: true, reference);
        if (!HasHungUp(request))
        {
            account.Add(EncounterWith(request, layers, isEnforced: true), ArmingAccount.RouteOf(request.Context));
        }

        // A right secret from an unknown address is the earliest sign that the ranges have grown old. Never an assertion: a caller who is refused anyway must not make
        // the guard verify, fetch or wait.
        if (verdict.Reason is RefusalReason.AddressOutsideRanges && layers[(int)GuardLayer.SharedSecret].State is LayerState.Admitted)
        {
            metrics.StaleRangesSuspected();
        }

        return request.Plan.Refusal.WriteAsync(request.Context, verdict, reference);
    }

    private static Encounter EncounterWith(GuardedRequest request, LayerRecord[] layers, bool isEnforced) =>
        Encounter.Of(request.Context, layers, RefusalRecords.PeerOf(request), request.MatchedNetwork, request.User is not null, isEnforced);

    /// <summary>The caller has closed the connection, and with its socket the address has gone: who that was, and whether he would be locked out, nobody can say.</summary>
    private static bool HasHungUp(GuardedRequest request) => request.ConnectionAddress is null && request.Context.RequestAborted.IsCancellationRequested;

    private void Record(GuardedRequest request, OriginVerdict verdict, bool enforced)
    {
        request.Decide(verdict);
        metrics.Decided(verdict, enforced);
        counts.Add(verdict, enforced);

        // Without tracing there is no activity at all, and that is cheaper to ask than a feature that is not there.
        if (Activity.Current is not null && request.Context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } activity)
        {
            activity.SetTag("originguard.verdict", verdict.Outcome.ToName());
            if (!verdict.IsAllowed)
            {
                activity.SetTag("originguard.reason", verdict.Reason.ToCode());
            }
        }
    }
}
