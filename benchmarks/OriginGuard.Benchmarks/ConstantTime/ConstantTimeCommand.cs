using System.Globalization;
using OriginGuard.Benchmarks.Results;
using OriginGuard.Benchmarks.SharedSecret;
using OriginGuard.SharedSecret;

namespace OriginGuard.Benchmarks.ConstantTime;

/// <summary>Measures the comparison of the secret, with a leaky one beside it as a control.</summary>
internal static class ConstantTimeCommand
{
    public const string Control = "stops at the first difference (control)";

    // A hundred million times: a difference of a hundredth of the scatter would show.
    private const int Batches = 24_415;
    private const int QuickBatches = 24;

    public static IReadOnlyList<ConstantTimeFigure> Measure(bool isQuick)
    {
        var secrets = Enumerable.Range(0, 8).Select(SecretRingBenchmarks.Secret).ToArray();
        var (secret, one, eight) = (secrets[0], new SecretRing(secrets[..1]), new SecretRing(secrets));
        var test = new TimingTest(secret, isQuick ? QuickBatches : Batches);
        return
        [
            test.Measure("the guard, 1 secret", guess => one.Find(guess) is not null),
            test.Measure("the guard, 8 secrets", guess => eight.Find(guess) is not null),
            test.Measure(Control, guess => EarlyExit.Equals(secret, guess)),
        ];
    }

    /// <returns>0: nothing was found; 1: a difference in time; 2: the measure is blind here.</returns>
    public static int Run()
    {
        var figures = Measure(isQuick: false);
        foreach (var figure in figures)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{figure.Name,-42} t = {figure.T,8:0.0}   {figure.Samples:N0} times of {figure.MeanNanoseconds:0} ns"));
        }

        var (isBlind, leaks) = (!Leaks(figures[^1]), figures.SkipLast(1).Any(Leaks));
        Console.WriteLine(isBlind ? "The control was not found out: the measure is blind here, and the figures say nothing."
            : leaks ? "The time of the guard's comparison depends on the guess."
            : "No difference in time was found, where the control's was.");
        return isBlind ? 2 : leaks ? 1 : 0;
    }

    private static bool Leaks(ConstantTimeFigure figure) => Math.Abs(figure.T) > TimingTest.Threshold;
}
