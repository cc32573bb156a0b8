namespace OriginGuard;

/// <summary>What a layer does with a request that it would not admit.</summary>
public enum LayerMode
{
    /// <summary>Refuses it.</summary>
    Enforce,

    /// <summary>Counts and logs it, and lets it pass.</summary>
    ReportOnly,

    /// <summary>Does not look.</summary>
    Disabled,
}
