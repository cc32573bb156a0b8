namespace OriginGuard.Ranges;

/// <summary>Where the ranges of one name come from.</summary>
internal interface IRangeSource
{
    string Name { get; }

    /// <summary>Loads the ranges, or says why there are none. Called in the background only.</summary>
    ValueTask<RangeAnswer> LoadAsync(CancellationToken cancellationToken);
}
