using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OriginGuard.Checks;
using OriginGuard.Configuration;
using OriginGuard.Networks;
using OriginGuard.PublishedLists;

namespace OriginGuard.Ranges;

/// <summary>The first layer as one configuration has it: where a request must come from.</summary>
internal sealed class SourceAddressLayer(OriginGuardOptions options, PlannedRanges ranges, CurrentRanges current, RangeRefresher refresher, bool isDevelopment)
    : Layer(GuardLayer.SourceAddress, options.ModeOf(options.SourceAddress), WhyOf(options, GuardLayer.SourceAddress, options.SourceAddress, Nothing(options), On(options.SourceAddress)))
{
    private const string NetworksKey = $"{Root}:SourceAddress:Networks";

    private readonly SourceAddressOptions _options = options.SourceAddress;
    private readonly SourceAddressCheck _check = new(From(options.SourceAddress), options.SourceAddress.ForwardedForPosition, ranges, current.Time);

    public PlannedRanges Ranges => ranges;

    /// <summary>Whether a record is compared with Google's lists.</summary>
    public bool WantsLists => IsOn && RangeJudge.WantsLists(_options.RecordNames ?? [], _options);

    public override IEnumerable<PlannedCheck> Checks => IsOn ? [Ask(_check)] : [];

    public override IEnumerable<string> Headers => From(_options) is PeerAddressSource.ForwardedFor ? [HeaderWalk.ForwardedFor] : [];

    public override IEnumerable<string> Weaknesses
    {
        get
        {
            var networks = IsOn ? _options.Networks ?? [] : [];
            if (WeakNetworks.Find(networks, NetworksKey) is { } weak)
            {
                yield return weak;
            }

            IPNetwork[] near = isDevelopment ? [] : [.. networks.Where(static network => PeerKinds.IsNear(NetworkRules.ToIpv4(network)))];
            if (near.Length > 0)
            {
                yield return $"{NetworksKey} holds {string.Join(", ", near)}: where a proxy, a sidecar or the platform's front end hands requests on, all of them come from there, and everybody passes. "
                    + "Name the networks that your load balancer sends from; behind a proxy of yours, set SourceAddress:From to ForwardedFor.";
            }

            if (_options.Corroboration is CorroborationMode.Off && !isDevelopment && Array.Exists(_options.RecordNames ?? [], BuiltInRanges.StandFor))
            {
                yield return "OriginGuard:SourceAddress:Corroboration is Off outside of Development: DNS is believed alone, and whoever answers it chooses who is let in.";
            }

            if (_options.AllowNonPublicNetworks && !isDevelopment)
            {
                yield return "OriginGuard:SourceAddress:AllowNonPublicNetworks is on outside of Development: whoever answers DNS can admit machines beside the origin.";
            }
        }
    }

    /// <summary>Who the peer of a request is to this layer.</summary>
    public IPAddress? PeerOf(OriginFindings found) => _check.PeerOf(found);

    public override OriginVerdict? Glance(HttpContext context, OriginFindings found) => _check.Check(found);

    public override void Begin() => current.Use(ranges);

    public override HealthCheckResult Health() => RangesHealth.Check(ranges.Snapshot, refresher.Status, WantsLists ? refresher.Lists : null, current.Time);

    protected override string WhatAdmitted(OriginFindings found) => $"The peer {found.PeerAddress} lies in {found.MatchedNetwork}, which is one of the ranges.";

    private static PeerAddressSource From(SourceAddressOptions options) => options.From ?? PeerAddressSource.Connection;

    private static string Nothing(OriginGuardOptions options) =>
        $"There is neither a record nor a network: {Root}:SourceAddress:RecordNames and Networks are empty (Platform {options.Platform}).";

    private static string On(SourceAddressOptions options)
    {
        var peer = From(options) is PeerAddressSource.ForwardedFor
            ? $"Entry {options.ForwardedForPosition} of X-Forwarded-For, counted from the right,"
            : "The peer of the connection";
        return $"{peer} is looked up in {Count(options.RecordNames?.Length, "record")} and {Count(options.Networks?.Length, "configured network")}.";
    }

    private static string Count(int? count, string noun) => $"{count ?? 0} {noun}{(count is 1 ? "" : "s")}";
}
