using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OriginGuard.Checks;

namespace OriginGuard;

/// <summary>
/// The findings of one request. Servers reuse their <see cref="HttpContext"/> objects, and this object goes with one of them: an admitted request
/// allocates nothing. What costs something, the client's address and the matched network, is read only when it is asked for.
/// </summary>
internal sealed class OriginGuardFeature : OriginFindings, IOriginGuardFeature
{
    private readonly OriginVerdict?[] _asked = new OriginVerdict?[Enum.GetValues<GuardLayer>().Length];
    private StringValues _forwardedFor;
    private GuardSettings? _settings;

    public OriginVerdict Verdict { get; private set; }

    /// <summary>The request went on: admitted, exempt or only reported.</summary>
    public bool HasPassed { get; set; }

    /// <summary>Another layer than the address spoke for the request.</summary>
    public bool IsOtherwiseRight => SecretSlot is not null || User is not null;

    public IPAddress? ClientAddress => Verdict.Outcome is OriginOutcome.Admitted ? _settings?.Client.Resolve(_forwardedFor) : null;

    public IPNetwork? MatchedNetwork => PeerAddress is { } peer ? FindNetwork?.Invoke(peer) : null;

    /// <summary>The client's header as it came in: what later middleware makes of it does not change what the guard saw.</summary>
    public StringValues ForwardedFor => _forwardedFor;

    public IReadOnlyList<LayerSetUp> SetUps => _settings?.Layers ?? [];

    public IReadOnlyList<LayerFinding> Layers =>
        [.. SetUps.Select(setUp => LayerWords.Describe(setUp, _asked[(int)setUp.Layer], Verdict, this))];

    public void Begin(HttpContext context, GuardSettings settings)
    {
        Clear();
        Array.Clear(_asked);
        Verdict = default;
        HasPassed = false;
        _forwardedFor = context.Request.Headers["X-Forwarded-For"];
        _settings = settings;
    }

    /// <summary>Notes what a layer said. One that looks twice, as the headers' does for strict and mild layers, has said the worse of both.</summary>
    public void Note(GuardLayer layer, OriginVerdict verdict)
    {
        ref var asked = ref _asked[(int)layer];
        asked = asked is { IsAllowed: false } ? asked : verdict;
    }

    public void Decide(OriginVerdict verdict) => Verdict = verdict;
}
