using System.Globalization;
using System.Runtime.InteropServices;
using OriginGuard.Benchmarks.EndToEnd;
using OriginGuard.Benchmarks.Results;

namespace OriginGuard.Benchmarks.Report;

/// <summary>What there is to say about where and how the figures came about.</summary>
internal static class ThisMachine
{
    private const string CpuInfo = "/proc/cpuinfo";

    public static Conditions Describe(string command, ReportOptions options, double minutes) => new(
        TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        $"dotnet run -c Release --project benchmarks/OriginGuard.Benchmarks -- {command}",
        Processor(),
        Environment.ProcessorCount,
        RuntimeInformation.OSDescription,
        $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}",
        options.IsQuick ? BenchmarkRun.QuickJob : BenchmarkRun.Job,
        ChildProcess.CanPin,
        options.IsQuick,
        options.Only is not null,
        minutes);

    private static string Processor()
    {
        var line = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
