using OriginGuard.Settings;

namespace OriginGuard;

/// <summary>
/// The assertion that Identity-Aware Proxy signs: section <c>OriginGuard:Iap</c>. The layer is on when
/// <see cref="Audiences"/> or <see cref="ProjectNumber"/> is set.
/// </summary>
public sealed class IapOptions : ILayerOptions
{
    /// <summary>Whether a missing or wrong assertion refuses the request. <see cref="LayerMode.Enforce"/> by default.</summary>
    public LayerMode Mode { get; set; }

    /// <summary>
    /// Exact <c>aud</c> values, such as <c>/projects/123456789/global/backendServices/987654321</c>; any of them admits. Empty by default.
    /// The claim must be one string, never an array.
    /// </summary>
    public string[] Audiences { get; set; } = [];

    /// <summary>
    /// Admits the assertions of every IAP resource of this project instead of naming audiences: weaker, since any other service of the
    /// project then passes. None by default; digits only.
    /// </summary>
    public string? ProjectNumber { get; set; }

    /// <summary>Where the JWK set with Google's public keys is fetched; <c>https://www.gstatic.com/iap/verify/public_key-jwk</c> by default. Plain http is accepted towards loopback only.</summary>
    public Uri KeysUri { get; set; } = new(IapDefaults.KeysAddress);

    /// <summary>How far the clocks of Google and of this machine may differ, both ways. 30 seconds by default; at most five minutes.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The longest <c>exp - iat</c> that is accepted, to which twice the skew is added. Ten minutes by default, as Google documents it; one second to one day.
    /// </summary>
    public TimeSpan MaxTokenLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Admits a valid assertion without <c>sub</c>, as IAP issues when it is opened to everyone. False by default.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>
    /// Lets a CORS preflight pass this layer without an assertion and without a user, as IAP sends it where <c>allowHttpOptions</c> is on. The other
    /// layers must admit it. It is a request with the method OPTIONS, <c>Origin</c> and <c>Access-Control-Request-Method</c>, and
    /// neither assertion, <c>Cookie</c> nor <c>Authorization</c>. Not set, the default: where the application has CORS (<c>AddCors</c>) and the address or
    /// the secret is enforced too; the endpoint's policy or the default policy answers it, and nothing else of the application runs. True: always, and whatever the
    /// application does with OPTIONS runs without a user. False: never. Without meaning for the authentication scheme.
    /// </summary>
    public bool? AllowPreflight { get; set; }

    /// <summary>What the reader of the configuration noted beside the values of a scheme.</summary>
    internal ReadingNotes Reading { get; } = new();

    /// <summary>The section that the options of a scheme come from; null when code sets them.</summary>
    internal string? Section { get; set; }

    internal bool IsConfigured => Audiences.Length > 0 || ProjectNumber is not null;

    bool ILayerOptions.IsConfigured => IsConfigured;
}
