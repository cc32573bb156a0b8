namespace OriginGuard.Iap;

/// <summary>Which CORS preflights pass the layer without an assertion.</summary>
internal enum Preflights
{
    None,

    /// <summary>Those for an endpoint that answers no OPTIONS itself: CORS answers them, and nothing of the application's own runs for nobody.</summary>
    ForCorsAlone,

    All,
}
