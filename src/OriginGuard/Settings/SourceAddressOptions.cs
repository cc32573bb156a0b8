using System.ComponentModel;
using System.Net;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;
using OriginGuard.ForeignText;
using OriginGuard.Settings;

namespace OriginGuard;

/// <summary>Where a request must come from: section <c>OriginGuard:SourceAddress</c>.</summary>
public sealed class SourceAddressOptions : ILayerOptions
{
    /// <summary>
    /// The TXT record in which Google publishes the addresses that Internet NEG traffic leaves from: <c>_cloud-eoips.googleusercontent.com</c>
    /// (https://cloud.google.com/load-balancing/docs/https/setup-global-ext-https-external-backend).
    /// </summary>
    public const string GoogleRecordName = "_cloud-eoips.googleusercontent.com";

    /// <summary>
    /// The name of the HTTP client that fetches Google's lists of networks, <c>OriginGuard.SourceAddress</c>: what <c>AddHttpClient</c> sets for it after <c>AddOriginGuard</c>
    /// holds, a proxy for example.
    /// </summary>
    public const string HttpClientName = "OriginGuard.SourceAddress";

    /// <summary>Whether a wrong address refuses the request. <see cref="LayerMode.Enforce"/> by default.</summary>
    public LayerMode Mode { get; set; }

    /// <summary>
    /// What counts as the peer. By default what the <see cref="OriginGuardOptions.Platform"/> says: <see cref="PeerAddressSource.ForwardedFor"/> on Cloud Run, else
    /// <see cref="PeerAddressSource.Connection"/>.
    /// </summary>
    public PeerAddressSource? From { get; set; }

    /// <summary>
    /// Which entry of X-Forwarded-For, counted from the right, when <see cref="From"/> is <see cref="PeerAddressSource.ForwardedFor"/>.
    /// 1, the last, by default; 1 to 32.
    /// </summary>
    public int ForwardedForPosition { get; set; } = 1;

    /// <summary>
    /// TXT records to resolve, each refreshed, refused and kept on its own. By default what the <see cref="OriginGuardOptions.Platform"/>
    /// says: <see cref="GoogleRecordName"/> for a global Internet NEG, in front of Cloud Run too, and none for the others. Empty: none.
    /// </summary>
    public string[]? RecordNames { get; set; }

    /// <summary>
    /// Further networks, in addition to the records. By default what the <see cref="OriginGuardOptions.Platform"/> says: those of Google's front ends for
    /// <see cref="OriginPlatform.GoogleCloudBackend"/>, and none for the others. A network of every address (a prefix length of 0, which is also that of a network
    /// that nobody set) is a mistake.
    /// </summary>
    [ConfigurationKeyName("Networks:Parsed")]
    [JsonConverter(typeof(NetworksJsonConverter))]
    public IPNetwork[]? Networks { get; set; }

    /// <summary>
    /// For the framework's configuration binder, which cannot read a network: the texts of the key <c>Networks</c> become <see cref="Networks"/>. Always null.
    /// </summary>
    [ConfigurationKeyName(nameof(Networks))]
    [EditorBrowsable(EditorBrowsableState.Never)]
    [JsonIgnore]
    public string[]? NetworkTexts
    {
        get => null;
        set => Networks = value is null ? Networks : StrictNetwork.ReadAll(value);
    }

    /// <summary>
    /// Accepts private, loopback, link-local and other special-purpose networks (RFC 6890) from a record. False by default; for tests and labs:
    /// with it, whoever answers DNS can admit machines beside the origin.
    /// </summary>
    public bool AllowNonPublicNetworks { get; set; }

    /// <summary>The widest IPv4 network that a record may hold; one wider and the record is refused whole. 8 by default; 0 to 32.</summary>
    public int MinPrefixLengthV4 { get; set; } = 8;

    /// <summary>The widest IPv6 network that a record may hold; one wider and the record is refused whole. 16 by default; 0 to 128.</summary>
    public int MinPrefixLengthV6 { get; set; } = 16;

    /// <summary>The least time between two refreshes, whatever the record's TTL. Five minutes by default; one second to 366 days.</summary>
    public TimeSpan MinRefreshInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The most time between two refreshes, whatever the record's TTL. One hour by default; not less than the minimum, at most 366 days.</summary>
    public TimeSpan MaxRefreshInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How old the ranges may grow before the guard stops trusting them. Seven days by default; one second to ten years. When no refresh has
    /// succeeded for that long, every request that neither <see cref="Networks"/> nor another record admits is undetermined (503), and the health check is unhealthy where nothing
    /// else is usable; neither the snapshot nor the built-in ranges come back, unless the application is started anew: then the built-in ranges stand in once more
    /// (<see cref="UseBuiltInRanges"/>). Longer rides out a DNS outage, and longer trusts addresses that Google may have given back.
    /// </summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(7);

    /// <summary>A file that keeps the last known good ranges across restarts. None by default.</summary>
    public string? SnapshotPath { get; set; }

    /// <summary>
    /// Starts from the ranges that Google documented when this version was built, when neither DNS nor the snapshot has answered yet. True by
    /// default; they stand for <see cref="GoogleRecordName"/> only.
    /// </summary>
    public bool UseBuiltInRanges { get; set; } = true;

    /// <summary>
    /// Whether the answer of <see cref="GoogleRecordName"/> is compared with the lists that Google publishes over HTTPS. <see cref="CorroborationMode.On"/> by
    /// default. Other records are not compared, and nothing is while <see cref="AllowNonPublicNetworks"/> is true.
    /// </summary>
    public CorroborationMode Corroboration { get; set; }

    /// <summary>
    /// Where Google publishes its networks: <c>https://www.gstatic.com/ipranges/goog.json</c> by default. https, or plain http towards loopback.
    /// See https://support.google.com/a/answer/10026322.
    /// </summary>
    public Uri GoogleNetworksUri { get; set; } = new("https://www.gstatic.com/ipranges/goog.json");

    /// <summary>
    /// Where Google publishes which of its networks customers use: <c>https://www.gstatic.com/ipranges/cloud.json</c> by default. https, or plain http towards
    /// loopback.
    /// </summary>
    public Uri CloudNetworksUri { get; set; } = new("https://www.gstatic.com/ipranges/cloud.json");

    internal bool IsConfigured => RecordNames is not { Length: 0 } || Networks is { Length: > 0 };

    bool ILayerOptions.IsConfigured => IsConfigured;
}
