namespace OriginGuard.Checks;

/// <summary>Makes a layer of each configuration. One for each kind of layer, as long as the application runs.</summary>
internal interface ILayerPlanner
{
    /// <summary>The layer of valid options that are not in force yet. What throws leaves those before them in force.</summary>
    Layer Plan(OriginGuardOptions options);
}
