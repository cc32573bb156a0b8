using OriginGuard.Checks;

namespace OriginGuard;

/// <summary>
/// What the guard decided about a request, and which rule spoke. The default value is undetermined: a verdict that nobody
/// set lets nothing in.
/// </summary>
public readonly record struct OriginVerdict
{
    private OriginVerdict(OriginOutcome outcome, RefusalReason reason) => (Outcome, Reason) = (outcome, reason);

    /// <summary>Every layer that is on let the request in.</summary>
    public static OriginVerdict Admitted { get; } = new(OriginOutcome.Admitted, RefusalReason.None);

    /// <summary>The guard was not asked: the endpoint or its path is exempt, or the guard as a whole is <see cref="LayerMode.Disabled"/>.</summary>
    public static OriginVerdict Exempted { get; } = new(OriginOutcome.Exempted, RefusalReason.None);

    /// <summary>The decision.</summary>
    public OriginOutcome Outcome { get; }

    /// <summary>The rule that decided, or <see cref="RefusalReason.None"/> when the request goes on.</summary>
    public RefusalReason Reason { get; }

    /// <summary>
    /// The fixed code of <see cref="Reason"/>, such as <c>secret.missing</c>, by which logs, metrics and the documentation name it; null when there is no reason.
    /// </summary>
    public string? Code => Reason is RefusalReason.None ? null : Reason.ToCode();

    /// <summary>True when the request may go on: it was admitted, or it is exempt.</summary>
    public bool IsAllowed => Outcome is OriginOutcome.Admitted or OriginOutcome.Exempted;

    /// <summary>The verdict that follows from a reason: undetermined where the guard cannot tell, refused otherwise.</summary>
    internal static OriginVerdict Because(RefusalReason reason) => new(
        reason is RefusalReason.AddressRangesUnavailable or RefusalReason.IapKeysUnavailable
            ? OriginOutcome.Undetermined
            : OriginOutcome.Refused,
        reason);

    /// <summary>The outcome and the reason code, for a log.</summary>
    public override string ToString() => Reason is RefusalReason.None ? Outcome.ToName() : $"{Outcome.ToName()} ({Reason.ToCode()})";
}
