using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OriginGuard.Checks;
using OriginGuard.ClientAddress;
using OriginGuard.ForeignText;
using OriginGuard.Iap;

namespace OriginGuard.Guard;

/// <summary>
/// One request, from its arrival to its verdict: what came in, the plan that holds for it until its end, and what the guard found. Servers reuse their
/// <see cref="HttpContext"/> objects, and this object goes with one of them: an admitted request allocates nothing. What costs something, the client's
/// address and the matched network, is read only when it is asked for.
/// </summary>
internal sealed class GuardedRequest : OriginFindings, IOriginGuardFeature
{
    private const int Waiting = 1;
    private const int WaitedToTheEnd = 2;
    private const int Abandoned = 3;

    private OriginVerdict?[] _asked = [];
    private HttpContext? _context;
    private GuardPlan? _plan;
    private RequestDelegate? _next;
    private IPAddress? _socketAddress;
    private IPAddress? _plainAddress;
    private int _wait;

    internal HttpContext Context => _context!; // set by the arrival, before anybody sees this object

    internal GuardPlan Plan => _plan!; // likewise

    /// <summary>Who holds the connection, in its plain form, whatever <see cref="OriginFindings.PeerAddress"/> is taken from.</summary>
    internal IPAddress? ConnectionAddress { get; private set; }

    /// <summary>The scheme that the server saw.</summary>
    internal string Scheme { get; private set; } = "";

    /// <summary>What came in has been noted to its end: where reading it broke off, the request has not arrived.</summary>
    internal bool IsRead { get; private set; }

    /// <summary>The server has ended the request while the guard waited, or since: the context may belong to another one.</summary>
    internal bool IsOver => Volatile.Read(ref _wait) == Abandoned;

    /// <summary>The guard's turn has come: what answers before that stands in front of it.</summary>
    internal bool IsAsked { get; private set; }

    /// <summary>The request went on: admitted, exempt or only reported.</summary>
    internal bool HasPassed { get; private set; }

    public OriginVerdict Verdict { get; private set; }

    /// <summary>The check that is next.</summary>
    internal int Index { get; set; }

    /// <summary>The reason that counts: of the layer that has refused, or else of the first that would have.</summary>
    internal RefusalReason Reason { get; set; }

    /// <summary>Another layer than the address spoke for the request.</summary>
    internal bool IsOtherwiseRight => SecretSlot is not null || User is not null;

    public IPAddress? ClientAddress => Verdict.Outcome is OriginOutcome.Admitted ? Plan.Client.Resolve(ForwardedFor) : null;

    public IReadOnlyList<LayerFinding> Layers =>
        [.. Plan.Layers.Select(layer => layer.Find(_asked[(int)layer.Name], Verdict, this))];

    /// <summary>A request has come in by a context, which may have brought others before it: nothing of those is left.</summary>
    public void Arrive(HttpContext context, GuardPlan plan, IPAddress? connectionAddress)
    {
        Forget();
        _asked = _asked.Length == plan.Layers.Length ? _asked : new OriginVerdict?[plan.Layers.Length];
        (_context, _plan, IsRead, IsAsked, HasPassed) = (context, plan, false, false, false);
        ConnectionAddress = Plain(connectionAddress);
    }

    /// <summary>
    /// Notes what came in. Called before the first middleware, which may rewrite all of it; where that has been missed, what anybody may have rewritten counts
    /// as absent.
    /// </summary>
    public void Read(bool isFirst)
    {
        Scheme = Context.Request.Scheme;
        Plan.Headers.Take(Context.Request.Headers, this);
        if (Plan.IsIdentityTaken && HasGoogleHeader)
        {
            IapIdentityHeaders.Remove(Context.Request.Headers);
        }

        if (!isFirst)
        {
            (ForwardedFor, ForwardedProto) = (default, default);
        }
        else if (Plan.Iap.IsOn)
        {
            Method = Context.Request.Method;
        }

        IsRead = true;
    }

    /// <summary>
    /// Whether this is the request of a context. One that has the features of another and a request of its own, made of a part of that one's body for example, is another
    /// request, unless the whole has a verdict that does not come of its path.
    /// </summary>
    public bool HoldsFor(HttpContext context) =>
        ReferenceEquals(Context, context)
        || (HasPassed && (Plan.IsDisabled || Verdict.Outcome is not OriginOutcome.Exempted))
        || ReferenceEquals(Context.Features[typeof(IHttpRequestFeature)], context.Features[typeof(IHttpRequestFeature)]);

    /// <summary>
    /// What says by whose hands the whole came says so of its part. Whatever the part holds itself, anybody may have written. The whole counts as asked: its parts are.
    /// </summary>
    public void TakeArrivalFrom(GuardedRequest whole)
    {
        whole.IsAsked = true;
        (ForwardedFor, ForwardedProto, Secret, Assertion, Connection) = (whole.ForwardedFor, whole.ForwardedProto, whole.Secret, whole.Assertion, whole.Connection);
        (LookAlikes, HasGoogleHeader, Method, Scheme) = (LookAlikes | whole.LookAlikes, HasGoogleHeader || whole.HasGoogleHeader, whole.Method, whole.Scheme);
    }

    /// <summary>The guard's turn, and what runs if it lets the request go on.</summary>
    public void BeAsked(RequestDelegate next)
    {
        ForgetFindings();
        _asked.AsSpan().Clear();
        (_next, IsAsked, HasPassed, Verdict, Index, Reason) = (next, true, false, default, 0, RefusalReason.None);
        PeerAddress = ConnectionAddress;
    }

    /// <summary>Notes what a layer said. One that looks twice, as the headers' does for strict and mild layers, has said the worse of both.</summary>
    public void Note(GuardLayer layer, OriginVerdict verdict)
    {
        ref var asked = ref _asked[(int)layer];
        asked = asked is { IsAllowed: false } ? asked : verdict;
    }

    /// <summary>What a layer has said; null where it was not asked.</summary>
    public OriginVerdict? SaidBy(GuardLayer layer) => _asked[(int)layer];

    public void Decide(OriginVerdict verdict) => Verdict = verdict;

    /// <summary>
    /// Puts the client and its scheme where the application looks for them. What ran before the guard may have put there what the caller wrote, so where the load
    /// balancer's own word is missing it becomes again what the server saw.
    /// </summary>
    public void RestoreClient()
    {
        if (Plan.Client.Resolve(ForwardedFor) is { } client)
        {
            (Context.Connection.RemoteIpAddress, Context.Connection.RemotePort) = (client, 0);
        }
        else
        {
            Context.Connection.RemoteIpAddress = ConnectionAddress;
        }

        Context.Request.Scheme = ClientAddressResolver.Scheme(ForwardedProto) ?? Scheme;
    }

    /// <summary>
    /// The guard waits for something, and the server may meanwhile end this request, because something in front gave up, and begin the next one on the same context.
    /// </summary>
    public void BeginWait()
    {
        if (Interlocked.CompareExchange(ref _wait, Waiting, comparand: 0) == 0)
        {
            Context.Response.OnCompleted(static request => ((GuardedRequest)request).AbandonAsync(), this);
        }
        else
        {
            // A second wait; a request that ended between the two stays over.
            Interlocked.CompareExchange(ref _wait, Waiting, WaitedToTheEnd);
        }
    }

    /// <summary>
    /// The result of what the guard waits for, and whether the request is over: whoever comes back late must not touch the context, which belongs to another
    /// request by now.
    /// </summary>
    public async ValueTask<(T Result, bool IsOver)> EndWaitAsync<T>(ValueTask<T> awaited) =>
        (await awaited.ConfigureAwait(false), Interlocked.CompareExchange(ref _wait, WaitedToTheEnd, Waiting) != Waiting);

    /// <summary>
    /// Another request begins on the context. False when this object must be left to the former one: it still waits, or whoever has come back from its wait may not
    /// be through with it.
    /// </summary>
    public bool TryReuse()
    {
        Abandon();
        return Volatile.Read(ref _wait) == 0;
    }

    public Task GoOn()
    {
        HasPassed = true;
        return _next!(Context); // set when the guard was asked
    }

    private Task AbandonAsync()
    {
        Abandon();
        return Task.CompletedTask;
    }

    /// <summary>Also between two waits, and for good.</summary>
    private void Abandon()
    {
        if (Volatile.Read(ref _wait) != 0)
        {
            Volatile.Write(ref _wait, Abandoned);
        }
    }

    /// <summary>A connection reports one address object for all its requests, so its plain form is made once.</summary>
    private IPAddress? Plain(IPAddress? address)
    {
        if (!ReferenceEquals(address, _socketAddress))
        {
            (_socketAddress, _plainAddress) = (address, address is null ? null : StrictAddress.Plain(address));
        }

        return _plainAddress;
    }
}
