namespace OriginGuard.Checks;

/// <summary>In front of all layers: what they go by must not come in disguise, each header as strictly as its own layer.</summary>
internal sealed class HeadersLayer : Layer
{
    private readonly PlannedCheck[] _checks;

    /// <param name="options">All options.</param>
    /// <param name="layers">The layers behind it.</param>
    /// <param name="walk">What finds the headers.</param>
    public HeadersLayer(OriginGuardOptions options, IEnumerable<Layer> layers, HeaderWalk walk)
        : this(options, [.. layers.Where(static layer => layer.IsOn && layer.Headers.Any()).OrderBy(static layer => layer.Mode)], walk)
    {
    }

    private HeadersLayer(OriginGuardOptions options, Layer[] guarded, HeaderWalk walk)
        : base(GuardLayer.Headers, guarded is [var strictest, ..] ? strictest.Mode : LayerMode.Disabled, WhyOf(options, guarded)) =>
        _checks =
        [
            .. guarded.GroupBy(static layer => layer.Mode).Select(group => new PlannedCheck(
                new SmuggledHeadersCheck([.. group.SelectMany(static layer => layer.Headers)], walk), group.Key is LayerMode.Enforce)),
        ];

    public override IEnumerable<PlannedCheck> Checks => _checks;

    protected override string WhatAdmitted(OriginFindings found) => "No guarded header came in disguise: no look-alike name, none named in Connection.";

    private static string WhyOf(OriginGuardOptions options, Layer[] guarded) =>
        options.Mode is LayerMode.Disabled ? $"{Root}:Mode is Disabled: nothing is asked."
        : guarded.Length == 0 ? "No layer that is on reads a header that could come in disguise."
        : "On with every layer that reads a header: none of those may come in disguise.";
}
