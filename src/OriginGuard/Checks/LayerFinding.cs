namespace OriginGuard;

/// <summary>What one layer of the guard said about a request, whether or not it decided. Holds no header value.</summary>
public sealed class LayerFinding
{
    internal LayerFinding(GuardLayer layer, LayerMode mode, OriginVerdict? verdict, string explanation) =>
        (Layer, Mode, Verdict, Explanation) = (layer, mode, verdict, explanation);

    /// <summary>The layer.</summary>
    public GuardLayer Layer { get; }

    /// <summary>
    /// What the layer does with a request that it would not admit, after <see cref="OriginGuardOptions.Mode"/>: it can be milder than its own
    /// setting, never stricter. <see cref="LayerMode.Disabled"/> also for a layer that has nothing to check with.
    /// </summary>
    public LayerMode Mode { get; }

    /// <summary>Its verdict; null when it was not asked: it is off, the request is exempt, or a layer before it had decided.</summary>
    public OriginVerdict? Verdict { get; }

    /// <summary>One sentence for people: what the verdict went by, or why there is none. It can name the peer's address and the signed-in user.</summary>
    public string Explanation { get; }

    /// <summary>The layer and its verdict, for a log.</summary>
    public override string ToString() => $"{Layer}: {Verdict?.ToString() ?? "not asked"}";
}
