using OriginGuard.References;

namespace OriginGuard.Arming;

/// <summary>Why the layers did not admit a request: at most one reason of each.</summary>
/// <param name="Bits">A bit for each reason.</param>
internal readonly record struct ReasonSet(uint Bits)
{
    private static readonly uint Undetermined = BitsOf(Enum.GetValues<RefusalReason>().Where(static reason => OriginVerdict.Because(reason).Outcome is OriginOutcome.Undetermined));

    public bool IsEmpty => Bits == 0;

    /// <summary>Without those that say nothing about the caller: what the guard itself had not.</summary>
    public ReasonSet OfCaller() => new(Bits & ~Undetermined);

    public IEnumerable<RefusalReason> Reasons
    {
        get
        {
            var bits = Bits;
            return Enum.GetValues<RefusalReason>().Where(reason => (bits & BitOf(reason)) != 0);
        }
    }

    public static ReasonSet Of(IEnumerable<RefusalReason> reasons) => new(BitsOf(reasons));

    public static ReasonSet Of(LayerRecord[] layers)
    {
        var bits = 0u;
        foreach (var layer in layers)
        {
            bits |= layer.State is LayerState.NotAdmitted ? BitOf(layer.Reason) : 0;
        }

        return new ReasonSet(bits);
    }

    private static uint BitOf(RefusalReason reason) => 1u << (int)reason;

    private static uint BitsOf(IEnumerable<RefusalReason> reasons) => reasons.Aggregate(0u, static (bits, reason) => bits | BitOf(reason));
}
