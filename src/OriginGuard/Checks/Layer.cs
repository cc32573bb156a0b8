using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OriginGuard.Settings;

namespace OriginGuard.Checks;

/// <summary>
/// One layer of the guard as one configuration has it, on or off: its question, and every answer that others want about it. What differs between layers is
/// said here or in the folder of the layer, and nowhere else.
/// </summary>
/// <param name="name">The layer.</param>
/// <param name="mode">What it does in the end, after the mode of the whole guard; disabled, too, when it has nothing to check with.</param>
/// <param name="why">The sentence that says by which settings it is so.</param>
internal abstract class Layer(GuardLayer name, LayerMode mode, string why)
{
    protected const string Root = OriginGuardOptions.SectionName;

    public GuardLayer Name => name;

    public LayerMode Mode => mode;

    public bool IsOn => mode is not LayerMode.Disabled;

    public string Why => why;

    /// <summary>What is asked of a request; nothing while the layer is off.</summary>
    public abstract IEnumerable<PlannedCheck> Checks { get; }

    /// <summary>The headers that it goes by, none of which may come in disguise.</summary>
    public virtual IEnumerable<string> Headers => [];

    /// <summary>Settings of it that are valid and that hardly anybody means: a sentence for each, with what to do.</summary>
    public virtual IEnumerable<string> Weaknesses => [];

    /// <summary>Its configuration is in force.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>Another configuration is in force, or this one never came so far.</summary>
    public virtual void End()
    {
    }

    /// <summary>Whether it has what it needs. Asked only while it is on.</summary>
    public virtual HealthCheckResult Health() => HealthCheckResult.Healthy();

    /// <summary>
    /// What it can say at once and for next to nothing about a request that is refused without its being asked. Null: what it goes by is there, and only verifying it
    /// would tell more. Asked only while it is on.
    /// </summary>
    public virtual OriginVerdict? Glance(HttpContext context, OriginFindings found) => null;

    /// <summary>What it said about a request, for people.</summary>
    /// <param name="said">Its verdict, or null when it was not asked.</param>
    /// <param name="verdict">The verdict on the request.</param>
    /// <param name="found">What was found on the way.</param>
    public LayerFinding Find(OriginVerdict? said, OriginVerdict verdict, OriginFindings found) => new(name, mode, said, said switch
    {
        { IsAllowed: true } => WhatAdmitted(found),
        { } other => $"It answered {other.Code}: {Pages.Of(other.Reason)}",
        _ when !IsOn => why,
        _ when verdict.Outcome is OriginOutcome.Exempted => "It was not asked: the request is exempt.",
        _ => "It was not asked: a layer before it had decided.",
    });

    /// <summary>The sentence about an admission.</summary>
    protected abstract string WhatAdmitted(OriginFindings found);

    protected PlannedCheck Ask(OriginCheck check) => new(check, mode is LayerMode.Enforce);

    /// <summary>Why a layer is on or off that has options of its own.</summary>
    /// <param name="options">All options.</param>
    /// <param name="layer">The layer, and the name of its section.</param>
    /// <param name="own">Its own options.</param>
    /// <param name="nothing">The sentence when there is nothing to check with.</param>
    /// <param name="on">The sentence when it is on.</param>
    protected static string WhyOf(OriginGuardOptions options, GuardLayer layer, ILayerOptions own, string nothing, string on) =>
        options.Mode is LayerMode.Disabled ? $"{Root}:Mode is Disabled: nothing is asked."
        : own.Mode is LayerMode.Disabled ? $"{Root}:{layer}:Mode is Disabled."
        : own.IsConfigured ? on : nothing;
}
