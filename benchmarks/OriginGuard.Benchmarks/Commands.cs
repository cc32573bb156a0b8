using BenchmarkDotNet.Running;
using OriginGuard.Benchmarks.ConstantTime;
using OriginGuard.Benchmarks.EndToEnd;
using OriginGuard.Benchmarks.Report;

namespace OriginGuard.Benchmarks;

/// <summary>The first argument is a command; without one it is all BenchmarkDotNet's.</summary>
internal static class Commands
{
    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["report", .. var options]:
                return await ReportCommand.RunAsync(options);
            case ["end-to-end"]:
                await EndToEndRun.MeasureAsync(isQuick: false);
                return 0;
            case ["constant-time"]:
                return ConstantTimeCommand.Run();
            case ["dry"]:
                return DryRun.Run();
            case [OriginRole.Name, var spec]:
                return await OriginRole.RunAsync(spec);
            case [LoadRole.Name]:
                return await LoadRole.RunAsync();
            default:
                BenchmarkSwitcher.FromAssembly(typeof(Commands).Assembly).Run(args);
                return 0;
        }
    }
}
