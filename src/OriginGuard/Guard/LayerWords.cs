using System.Security.Claims;
using OriginGuard.Checks;

namespace OriginGuard.Guard;

/// <summary>What the layers are set up to do, and what they said about a request, in sentences for whoever runs the origin.</summary>
internal static class LayerWords
{
    private const string Root = OriginGuardOptions.SectionName;

    public static LayerSetUp SetUp(GuardLayer layer, OriginGuardOptions options, LayerMode mode) => new(layer, mode, (options.Mode, mode, layer) switch
    {
        (LayerMode.Disabled, _, _) => $"{Root}:Mode is Disabled: nothing is asked.",
        (_, LayerMode.Disabled, _) => WhyOff(layer, options),
        (_, _, GuardLayer.Headers) => "On with every layer that reads a header: none of those may come in disguise.",
        (_, _, GuardLayer.SourceAddress) => Address(options.SourceAddress),
        (_, _, GuardLayer.SharedSecret) => $"Secrets are configured; they are expected in the header {options.SharedSecret.HeaderName}.",
        _ => $"{Root}:Iap has {(options.Iap.Audiences.Length > 0 ? "audiences" : "a project number")} to compare with.",
    });

    /// <summary>The layers that are on, each once, in the order in which they are asked.</summary>
    public static string Names(IEnumerable<LayerSetUp> layers) => string.Join(
        ", ", layers.Where(static layer => layer.Mode is not LayerMode.Disabled).Select(static layer => $"{layer.Layer}{(layer.Mode is LayerMode.ReportOnly ? " (report only)" : "")}"));

    /// <param name="setUp">The layer.</param>
    /// <param name="said">Its own verdict, or null when it was not asked.</param>
    /// <param name="verdict">The verdict on the request.</param>
    /// <param name="found">What was found on the way.</param>
    public static LayerFinding Describe(LayerSetUp setUp, OriginVerdict? said, OriginVerdict verdict, OriginFindings found) =>
        new(setUp.Layer, setUp.Mode, said, (said, setUp.Mode) switch
        {
            ({ IsAllowed: true }, _) => WhatAdmitted(setUp.Layer, found),
            ({ } other, _) => $"It answered {other.Code}: docs/troubleshooting.md#{other.Code?.Replace('.', '-').Replace('_', '-')}",
            (_, LayerMode.Disabled) => setUp.Why,
            _ when verdict.Outcome is OriginOutcome.Exempted => "It was not asked: the request is exempt.",
            _ => "It was not asked: a layer before it had decided.",
        });

    private static string WhyOff(GuardLayer layer, OriginGuardOptions options) => layer switch
    {
        GuardLayer.Headers => "No layer that is on reads a header that could come in disguise.",
        GuardLayer.SourceAddress when options.SourceAddress.Mode is LayerMode.Disabled => $"{Root}:SourceAddress:Mode is Disabled.",
        GuardLayer.SourceAddress => $"There is neither a record nor a network: {Root}:SourceAddress:RecordNames and Networks are empty (Platform {options.Platform}).",
        GuardLayer.SharedSecret when options.SharedSecret.Mode is LayerMode.Disabled => $"{Root}:SharedSecret:Mode is Disabled.",
        GuardLayer.SharedSecret => $"There is no secret: {Root}:SharedSecret:Secrets and SecretFiles are empty.",
        _ when options.Iap.Mode is LayerMode.Disabled => $"{Root}:Iap:Mode is Disabled.",
        _ => $"There is nothing to compare with: {Root}:Iap:Audiences is empty and ProjectNumber is not set.",
    };

    private static string Address(SourceAddressOptions options)
    {
        var peer = options.From is PeerAddressSource.ForwardedFor
            ? $"Entry {options.ForwardedForPosition} of X-Forwarded-For, counted from the right,"
            : "The peer of the connection";
        return $"{peer} is looked up in {Count(options.RecordNames?.Length, "record")} and {Count(options.Networks?.Length, "configured network")}.";
    }

    private static string Count(int? count, string noun) => $"{count ?? 0} {noun}{(count is 1 ? "" : "s")}";

    private static string WhatAdmitted(GuardLayer layer, OriginFindings found) => layer switch
    {
        GuardLayer.Headers => "No guarded header came in disguise: no look-alike name, none named in Connection.",
        GuardLayer.SourceAddress => $"The peer {found.PeerAddress} lies in {found.MatchedNetwork}, which is one of the ranges.",
        GuardLayer.SharedSecret when found.SecretSlot is 0 => "The request carried the current secret, once. Only your load balancer knows it.",
        GuardLayer.SharedSecret => $"The request carried secret number {found.SecretSlot + 1} of those configured: a former one, as while it is being changed.",
        _ when found.User is null => $"A CORS preflight without an assertion, as {Root}:Iap:AllowPreflight lets it pass (not set: for CORS alone). Nobody is signed in.",
        _ => $"Identity-Aware Proxy signed for {found.User?.FindFirstValue(IapClaimTypes.Email) ?? "somebody without an email"} "
            + $"({found.User?.FindFirstValue(IapClaimTypes.Subject) ?? "no subject"}).",
    };
}
