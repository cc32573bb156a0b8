using OriginGuard.Settings;

namespace OriginGuard;

/// <summary>
/// What the guard asks of a request, and what it does with one that it does not admit: section <c>OriginGuard</c>. Everything is optional, but
/// at least one layer must have something to check with.
/// </summary>
public sealed class OriginGuardOptions
{
    /// <summary>The name of the configuration section: <c>OriginGuard</c>.</summary>
    public const string SectionName = "OriginGuard";

    /// <summary>Whether the guard refuses, reports or rests. <see cref="LayerMode.Enforce"/> by default; a layer can be milder, never stricter.</summary>
    public LayerMode Mode { get; set; }

    /// <summary>Where the origin stands: the defaults of the other settings. <see cref="OriginPlatform.InternetNeg"/> by default.</summary>
    public OriginPlatform Platform { get; set; }

    /// <summary>The first layer: where a request must come from.</summary>
    public SourceAddressOptions SourceAddress { get; set; } = new();

    /// <summary>How the records of the first layer are resolved.</summary>
    public DnsOptions Dns { get; set; } = new();

    /// <summary>The second layer: the secret that the load balancer adds.</summary>
    public SharedSecretOptions SharedSecret { get; set; } = new();

    /// <summary>The third layer: the assertion that Identity-Aware Proxy signs.</summary>
    public IapOptions Iap { get; set; } = new();

    /// <summary>The client behind the load balancer.</summary>
    public ClientAddressOptions ClientAddress { get; set; } = new();

    /// <summary>Paths that the guard lets through, for health probes. Empty by default.</summary>
    public ExemptionOptions[] Exemptions { get; set; } = [];

    /// <summary>How a request that is not admitted is answered.</summary>
    public RejectionOptions Rejection { get; set; } = new();

    /// <summary>Where the account lies of who would be locked out.</summary>
    public ArmingOptions Arming { get; set; } = new();

    /// <summary>What the reader of the configuration noted beside the values.</summary>
    internal ReadingNotes Reading { get; } = new();

    /// <summary>What a layer does in the end: nothing without something to check with, and never more than the whole guard.</summary>
    internal LayerMode ModeOf(ILayerOptions layer) => !layer.IsConfigured ? LayerMode.Disabled : layer.Mode > Mode ? layer.Mode : Mode;

    internal bool IsOn(ILayerOptions layer) => ModeOf(layer) is not LayerMode.Disabled;
}
