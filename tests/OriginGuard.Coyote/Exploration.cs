using System.Globalization;
using Microsoft.Coyote.SystematicTesting;

namespace OriginGuard.Coyote;

/// <summary>Runs every test in as many orders as asked for, and says for each what it has explored.</summary>
internal static class Exploration
{
    private static readonly Func<Task>[] All = [.. RefreshLoopTests.All, .. RangeTests.All, .. KeyTests.All, .. ReloadTests.All, .. ConnectionTests.All];

    /// <param name="arguments">How many orders, where the traces of bugs go, and a part of the names of the tests that are wanted.</param>
    public static int Run(string[] arguments)
    {
        var orders = uint.Parse(arguments[0], CultureInfo.InvariantCulture);
        var (folder, wanted) = (arguments[1], arguments.ElementAtOrDefault(2) ?? "");
        Func<Task>[] tests = [.. All.Where(test => Name(test).Contains(wanted, StringComparison.OrdinalIgnoreCase))];
        var console = Console.Out;
        Console.SetOut(TextWriter.Null); // to which Coyote writes of every order
        var failed = tests.Count(test => !Explore(test, orders, folder, console));
        console.WriteLine($"{tests.Length - failed} tests held, {failed} failed");
        return failed > 0 || tests.Length == 0 ? 1 : 0;
    }

    private static string Name(Func<Task> test) => $"{test.Method.DeclaringType!.Name}.{test.Method.Name}";

    private static bool Explore(Func<Task> test, uint orders, string folder, TextWriter console)
    {
        // Nothing may be out of control, or what was explored would be less than it seems; a wait that nobody ends is a bug.
        var configuration = Microsoft.Coyote.Configuration.Create()
            .WithTestingIterations(orders)
            .WithTelemetryEnabled(false)
            .WithPartiallyControlledConcurrencyAllowed(false)
            .WithMemoryAccessRaceCheckingEnabled(true)
            .WithMaxSchedulingSteps(maxFairSteps: 100_000, maxUnfairSteps: 5_000)
            .WithFailureOnMaxStepsBoundEnabled(true)
            .WithDeadlockTimeout(30_000);
        using var engine = TestingEngine.Create(configuration, test);
        if (!engine.IsTestRewritten())
        {
            console.WriteLine($"FAILED {Name(test)}: nothing was explored, since the test is not rewritten; run scripts/coyote");
            return false;
        }

        engine.Run();
        var report = engine.TestReport;
        var explored = report.NumOfExploredFairPaths + report.NumOfExploredUnfairPaths;
        var steps = (report.TotalExploredFairSteps + report.TotalExploredUnfairSteps) / Math.Max(explored, 1);
        var held = report.NumOfFoundBugs == 0 && report.InternalErrors.Count == 0 && explored > 0 && report.MaxConcurrencyDegree > 1 && report.UncontrolledInvocations.Count == 0;
        console.WriteLine($"{(held ? "held  " : "FAILED")} {Name(test)}: {explored} orders, {steps} steps each, up to {report.MaxConcurrencyDegree} at once, {report.NumOfFoundBugs} bugs");
        foreach (var said in report.BugReports.Concat(report.InternalErrors).Concat(report.UncontrolledInvocations.Select(static call => $"out of control: {call}")))
        {
            console.WriteLine($"       {said}");
        }

        if (!held)
        {
            engine.TryEmitReports(folder, Name(test), out _);
        }

        return held;
    }
}
