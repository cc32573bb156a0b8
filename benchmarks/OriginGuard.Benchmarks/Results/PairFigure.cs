using OriginGuard.Benchmarks.Statistics;

namespace OriginGuard.Benchmarks.Results;

/// <summary>Two origins under the same load in turn. Ratios are taken inside each pair of neighbouring rounds, so that what drifts slowly cancels out.</summary>
/// <param name="Suite">What the pair belongs to.</param>
/// <param name="Name">What the subject is.</param>
/// <param name="Size">How many networks or secrets, where that is the question.</param>
/// <param name="Reference">Rounds of what the subject is compared with.</param>
/// <param name="Subject">Its own rounds, each the neighbour of the reference's round at the same index.</param>
internal sealed record PairFigure(string Suite, string Name, int Size, IReadOnlyList<LoadFigure> Reference, IReadOnlyList<LoadFigure> Subject)
{
    public Spread ThroughputRatio() => Spread.Of(Reference.Zip(Subject, static (reference, subject) => subject.PerSecond / reference.PerSecond));

    /// <summary>The same beside two references of the same turns, the control's subject being one: two processes of one program are never quite alike.</summary>
    public Spread ThroughputRatio(PairFigure control) => Spread.Of(Reference.Zip(control.Subject, Subject)
        .Select(static round => 2 * round.Third.PerSecond / (round.First.PerSecond + round.Second.PerSecond)));

    public Spread CpuRatio() => Spread.Of(Reference.Zip(Subject, static (reference, subject) => subject.CpuMicroseconds / reference.CpuMicroseconds));

    public static Spread Cpu(IReadOnlyList<LoadFigure> rounds) => Spread.Of(rounds.Select(static round => round.CpuMicroseconds));

    public static Spread PerSecond(IReadOnlyList<LoadFigure> rounds) => Spread.Of(rounds.Select(static round => round.PerSecond));

    public static Spread Busy(IReadOnlyList<LoadFigure> rounds) => Spread.Of(rounds.Select(static round => round.Busy));
}
