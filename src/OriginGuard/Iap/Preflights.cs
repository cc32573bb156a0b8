namespace OriginGuard.Iap;

/// <summary>Which CORS preflights pass the layer without an assertion.</summary>
internal enum Preflights
{
    None,

    /// <summary>All, but CORS alone answers them: nothing of the application's own runs for nobody.</summary>
    ForCorsAlone,

    All,
}
