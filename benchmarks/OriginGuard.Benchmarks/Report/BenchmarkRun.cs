using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using OriginGuard.Benchmarks.Results;
using Perfolizer.Horology;

namespace OriginGuard.Benchmarks.Report;

/// <summary>Runs all BenchmarkDotNet benchmarks and takes their figures down.</summary>
internal static class BenchmarkRun
{
    public const string Job = "BenchmarkDotNet's medium job with shorter iterations: 15 of about 80 ms in each of 2 processes, after 15 to warm up";
    public const string QuickJob = "3 iterations of about 10 ms in one process";

    /// <returns>Null when one of them failed.</returns>
    public static IReadOnlyList<BenchmarkFigure>? Measure(bool isQuick)
    {
        // It looks for the project below here, to build it anew for its processes.
        Environment.CurrentDirectory = Folders.Root;
        using var log = new StreamLogger(Path.Combine(Folders.Artifacts, "benchmarks.log"));
        var config = ManualConfig.CreateEmpty()
            .AddJob(isQuick ? Quick() : Full())
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(log)
            .WithArtifactsPath(Path.Combine(Folders.Artifacts, "benchmarks"));
        var summaries = BenchmarkRunner.Run(typeof(BenchmarkRun).Assembly, config);
        string[] failed = [.. DryRun.Failures(summaries)];
        foreach (var failure in failed)
        {
            Console.Error.WriteLine($"failed: {failure}");
        }

        return failed.Length == 0 && summaries.Length > 0 ? [.. summaries.SelectMany(summary => summary.Reports).Select(Figure)] : null;
    }

    // With the runtime's usual patience, code that runs through many methods is still compiled anew while it is measured.
    private static Job Full() => BenchmarkDotNet.Jobs.Job.MediumRun
        .WithIterationTime(TimeInterval.FromMilliseconds(80)).WithWarmupCount(15).WithEnvironmentVariable(Warmth.Variable, Warmth.Value);

    private static Job Quick() => BenchmarkDotNet.Jobs.Job.ShortRun
        .WithIterationTime(TimeInterval.FromMilliseconds(10)).WithWarmupCount(1).WithToolchain(InProcessEmitToolchain.Instance);

    private static BenchmarkFigure Figure(BenchmarkReport report)
    {
        var (benchmark, statistics) = (report.BenchmarkCase, report.ResultStatistics!);
        return new BenchmarkFigure(
            benchmark.Descriptor.Type.Name,
            benchmark.Descriptor.WorkloadMethodDisplayInfo.Trim('\''),
            string.Join(", ", benchmark.Parameters.Items.Select(item => $"{item.Name}={item.Value}")),
            statistics.Median,
            statistics.Mean,
            statistics.StandardDeviation,
            statistics.N,
            report.GcStats.GetBytesAllocatedPerOperation(benchmark));
    }
}
