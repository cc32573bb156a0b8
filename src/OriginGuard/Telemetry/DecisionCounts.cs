namespace OriginGuard.Telemetry;

/// <summary>
/// How often each verdict was given since the application started: what the instruments count, for those who have nothing connected to them. One counter
/// for each reason and mode is all its memory.
/// </summary>
internal sealed class DecisionCounts(TimeProvider time)
{
    // Behind the reasons, none among them, which stands for an admitted request.
    private static readonly int Exempted = Enum.GetValues<RefusalReason>().Length;

    private readonly StripedCounters _counters = new((Exempted + 1) * 2);

    public DateTimeOffset Since { get; } = time.GetUtcNow();

    public void Add(OriginVerdict verdict, bool enforced) => _counters.Add(At(verdict, enforced));

    public long this[OriginVerdict verdict, bool enforced] => _counters[At(verdict, enforced)];

    private static int At(OriginVerdict verdict, bool enforced) =>
        ((verdict.Outcome is OriginOutcome.Exempted ? Exempted : (int)verdict.Reason) * 2) + (enforced ? 0 : 1);
}
