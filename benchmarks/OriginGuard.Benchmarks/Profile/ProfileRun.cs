using System.Diagnostics;
using System.Globalization;
using OriginGuard.Benchmarks.EndToEnd;
using OriginGuard.Benchmarks.Results;

namespace OriginGuard.Benchmarks.Profile;

/// <summary>
/// Where the guard's time goes on real Kestrel: samples of an origin under pipelined load by <c>perf</c>, which must be there and allowed to look.
/// </summary>
internal static class ProfileRun
{
    private const double Seconds = 10;
    private const double QuickSeconds = 1;

    // Names for what the runtime compiles; all of it compiled, and none of it merged into its caller by what was learned while it ran.
    private static readonly Dictionary<string, string> Legible = new()
    {
        ["DOTNET_PerfMapEnabled"] = "1",
        ["DOTNET_EnableWriteXorExecute"] = "0",
        ["DOTNET_ReadyToRun"] = "0",
        ["DOTNET_TieredPGO"] = "0",
    };

    /// <returns>Nothing where there is no <c>perf</c>.</returns>
    public static async Task<IReadOnlyList<ProfileFigure>> MeasureAsync(bool isQuick)
    {
        var seconds = isQuick ? QuickSeconds : Seconds;
        var samples = Path.Combine(Folders.Artifacts, "perf.data");
        await using var load = ChildProcess.StartLoad();
        var rounds = new Rounds(load, isQuick);
        var comparison = Comparisons.Profiled;
        var side = comparison.Subjects[0].Side;
        await using var origin = await RunningOrigin.StartAsync(side.Origin, Legible);
        await rounds.WarmUpAsync(comparison, side, origin);
        using var perf = TryStart("record", "-q", "-F", "4999", "-g", "-e", "cpu-clock", "-o", samples, "-p", Text(origin.ProcessId), "--", "sleep", Text(seconds));
        if (perf is null)
        {
            await Console.Error.WriteLineAsync("perf is not installed: no profile.");
            return [];
        }

        var round = await rounds.RunAsync(comparison, side, origin, seconds);
        await perf.WaitForExitAsync();
        var profile = perf.ExitCode == 0
            ? GuardProfile.Read(await ReadAsync(samples))
            : throw new InvalidOperationException($"perf could not look at the origin: {await perf.StandardError.ReadToEndAsync()}");
        var figures = profile.Figures(round.CpuMicroseconds * 1000);
        foreach (var figure in figures)
        {
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{figure.Share,6:P1} {figure.Nanoseconds,6:0} ns  {figure.Part}"));
        }

        return figures;
    }

    private static async Task<string[]> ReadAsync(string samples)
    {
        using var script = TryStart("script", "-i", samples, "--no-inline", "-F", "ip,sym")!;
        var errors = script.StandardError.ReadToEndAsync();
        var text = await script.StandardOutput.ReadToEndAsync();
        await script.WaitForExitAsync();
        return script.ExitCode == 0 ? text.Split('\n') : throw new InvalidOperationException($"perf could not read its samples: {await errors}");
    }

    private static Process? TryStart(params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("perf", arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
