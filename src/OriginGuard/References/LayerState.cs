namespace OriginGuard.References;

/// <summary>How far a layer got with a request that was not admitted.</summary>
internal enum LayerState
{
    /// <summary>It has nothing to check with, or is disabled.</summary>
    Off,

    Admitted,

    /// <summary>What it goes by is there, once; it was not verified, since a layer before it had decided.</summary>
    Unverified,

    /// <summary>It said no, or could not tell: its reason says why.</summary>
    NotAdmitted,
}
