using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OriginGuard.Checks;
using OriginGuard.ClientAddress;

namespace OriginGuard;

/// <summary>
/// The findings of one request. Servers reuse their <see cref="HttpContext"/> objects, and this object goes with one of them: an admitted request
/// allocates nothing. What costs something, the client's address and the matched network, is read only when it is asked for.
/// </summary>
internal sealed class OriginGuardFeature : OriginFindings, IOriginGuardFeature
{
    private StringValues _forwardedFor;
    private ClientAddressResolver? _client;

    public OriginVerdict Verdict { get; private set; }

    /// <summary>The request went on: admitted, exempt or only reported.</summary>
    public bool HasPassed { get; set; }

    /// <summary>Another layer than the address spoke for the request.</summary>
    public bool IsOtherwiseRight => SecretSlot is not null || User is not null;

    public IPAddress? ClientAddress => Verdict.Outcome is OriginOutcome.Admitted ? _client?.Resolve(_forwardedFor) : null;

    public IPNetwork? MatchedNetwork => PeerAddress is { } peer ? FindNetwork?.Invoke(peer) : null;

    /// <summary>The client's header as it came in: what later middleware makes of it does not change what the guard saw.</summary>
    public StringValues ForwardedFor => _forwardedFor;

    public void Begin(HttpContext context, ClientAddressResolver client)
    {
        Clear();
        Verdict = default;
        HasPassed = false;
        _forwardedFor = context.Request.Headers["X-Forwarded-For"];
        _client = client;
    }

    public void Decide(OriginVerdict verdict) => Verdict = verdict;
}
