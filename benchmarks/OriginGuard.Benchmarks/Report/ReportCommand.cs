using OriginGuard.Benchmarks.ConstantTime;
using OriginGuard.Benchmarks.EndToEnd;
using OriginGuard.Benchmarks.Poptrie;
using OriginGuard.Benchmarks.Profile;
using OriginGuard.Benchmarks.Results;

namespace OriginGuard.Benchmarks.Report;

/// <summary>Measures everything, keeps the raw results, and fills the page.</summary>
internal static class ReportCommand
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (ReportOptions.Parse(arguments) is not { } options)
        {
            await Console.Error.WriteLineAsync(ReportOptions.Usage);
            return 2;
        }

        var former = options.From is { } file ? PerformanceResults.FromJson(await File.ReadAllTextAsync(file)) : null;
        var results = former is not null && options.Only is null ? former : await MeasureAsync(options, string.Join(' ', ["report", .. arguments]), former);
        if (results is null)
        {
            return 1;
        }

        await Console.Out.WriteLineAsync($"The page: {await PageFiles.WriteAsync(results)}");
        return 0;
    }

    /// <param name="options">Which parts.</param>
    /// <param name="command">What was asked for.</param>
    /// <param name="former">Where the other parts are taken from.</param>
    private static async Task<PerformanceResults?> MeasureAsync(ReportOptions options, string command, PerformanceResults? former)
    {
        var start = TimeProvider.System.GetTimestamp();
        Directory.CreateDirectory(Folders.Artifacts);

        // From what another process disturbs most to what it disturbs least.
        var pairs = options.Includes(ReportOptions.EndToEnd) ? await EndToEndRun.MeasureAsync(options.IsQuick) : [];
        var profile = options.Includes(ReportOptions.Profile) ? await ProfileRun.MeasureAsync(options.IsQuick) : [];
        var poptrie = options.Includes(ReportOptions.Poptrie) ? await PoptrieRun.MeasureAsync(options.IsQuick) : [];
        var constantTime = options.Includes(ReportOptions.ConstantTime) ? ConstantTimeCommand.Measure(options.IsQuick) : [];
        var memory = options.Includes(ReportOptions.Memory) ? MemoryRun.Measure() : [];
        var benchmarks = options.Includes(ReportOptions.Benchmarks) ? BenchmarkRun.Measure(options.IsQuick) : [];
        if (benchmarks is null)
        {
            return null;
        }

        var conditions = ThisMachine.Describe(command, options, TimeProvider.System.GetElapsedTime(start).TotalMinutes);
        var results = new PerformanceResults(
            former?.Conditions.With(conditions) ?? conditions,
            MeasuredOr(benchmarks, former?.Benchmarks),
            MeasuredOr(memory, former?.Memory),
            MeasuredOr(pairs, former?.Pairs),
            MeasuredOr(constantTime, former?.ConstantTime),
            MeasuredOr(profile, former?.Profile),
            MeasuredOr(poptrie, former?.Poptrie));
        await File.WriteAllTextAsync(Path.Combine(Folders.Artifacts, PageFiles.Results), results.ToJson(indented: true));
        return results;
    }

    // A part that was not asked for, or that this machine has not the program for, stays as it was.
    private static IReadOnlyList<T> MeasuredOr<T>(IReadOnlyList<T> measured, IReadOnlyList<T>? former) => measured.Count > 0 ? measured : former ?? [];
}
