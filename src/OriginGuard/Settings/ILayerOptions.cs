namespace OriginGuard.Settings;

/// <summary>What the options of every layer say: how strict it is, and whether there is something to check with.</summary>
internal interface ILayerOptions
{
    LayerMode Mode { get; }

    bool IsConfigured { get; }
}
