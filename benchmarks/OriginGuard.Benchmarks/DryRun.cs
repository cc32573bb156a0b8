using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace OriginGuard.Benchmarks;

/// <summary>Every benchmark once, in this process, to see that it still runs. It measures nothing, and fails when one of them throws.</summary>
internal static class DryRun
{
    public static int Run()
    {
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.Dry.WithToolchain(InProcessEmitToolchain.Instance))
            .AddLogger(ConsoleLogger.Unicode)
            .WithArtifactsPath(Path.Combine(Folders.Artifacts, "dry"));
        var summaries = BenchmarkRunner.Run(typeof(DryRun).Assembly, config);
        string[] failed = [.. Failures(summaries)];
        foreach (var failure in failed)
        {
            Console.Error.WriteLine($"failed: {failure}");
        }

        Console.WriteLine($"{summaries.Sum(summary => summary.Reports.Length)} benchmarks ran dry, {failed.Length} failed");
        return failed.Length == 0 && summaries.Length > 0 ? 0 : 1;
    }

    /// <summary>What was to be run and has no result, whatever kept it from having one.</summary>
    public static IEnumerable<string> Failures(IEnumerable<Summary> summaries) => summaries.SelectMany(summary => summary.HasCriticalValidationErrors
        ? summary.ValidationErrors.Select(error => error.Message)
        : summary.BenchmarksCases.Where(benchmark => summary[benchmark] is not { Success: true }).Select(benchmark => benchmark.DisplayInfo));
}
