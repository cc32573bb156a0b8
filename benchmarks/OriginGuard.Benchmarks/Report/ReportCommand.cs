using OriginGuard.Benchmarks.ConstantTime;
using OriginGuard.Benchmarks.EndToEnd;
using OriginGuard.Benchmarks.Profile;
using OriginGuard.Benchmarks.Results;

namespace OriginGuard.Benchmarks.Report;

/// <summary>Measures everything, keeps the raw results, and writes the page with its charts.</summary>
internal static class ReportCommand
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (ReportOptions.Parse(arguments) is not { } options)
        {
            await Console.Error.WriteLineAsync(ReportOptions.Usage);
            return 2;
        }

        var results = options.From is { } file
            ? PerformanceResults.FromJson(await File.ReadAllTextAsync(file))
            : await MeasureAsync(options, string.Join(' ', ["report", .. arguments]));
        if (results is null)
        {
            return 1;
        }

        await Console.Out.WriteLineAsync($"The page: {await PageFiles.WriteAsync(results)}");
        return 0;
    }

    private static async Task<PerformanceResults?> MeasureAsync(ReportOptions options, string command)
    {
        var start = TimeProvider.System.GetTimestamp();
        Directory.CreateDirectory(Folders.Artifacts);

        // From what another process disturbs most to what it disturbs least.
        var pairs = options.Includes(ReportOptions.EndToEnd) ? await EndToEndRun.MeasureAsync(options.IsQuick) : [];
        var profile = options.Includes(ReportOptions.Profile) ? await ProfileRun.MeasureAsync(options.IsQuick) : [];
        var constantTime = options.Includes(ReportOptions.ConstantTime) ? ConstantTimeCommand.Measure(options.IsQuick) : [];
        var memory = options.Includes(ReportOptions.Memory) ? MemoryRun.Measure() : [];
        var benchmarks = options.Includes(ReportOptions.Benchmarks) ? BenchmarkRun.Measure(options.IsQuick) : [];
        if (benchmarks is null)
        {
            return null;
        }

        var minutes = TimeProvider.System.GetElapsedTime(start).TotalMinutes;
        var results = new PerformanceResults(ThisMachine.Describe(command, options, minutes), benchmarks, memory, pairs, constantTime, profile);
        await File.WriteAllTextAsync(Path.Combine(Folders.Artifacts, PageFiles.Results), results.ToJson(indented: true));
        return results;
    }
}
