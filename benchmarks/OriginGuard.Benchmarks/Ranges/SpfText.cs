namespace OriginGuard.Benchmarks.Ranges;

public enum SpfText
{
    /// <summary>The real record: two networks.</summary>
    Real,

    /// <summary>As many networks as one record can hold.</summary>
    Full,

    /// <summary>As many terms without a meaning as one record can hold.</summary>
    Hostile,
}
