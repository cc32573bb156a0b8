using System.Diagnostics;
using OriginGuard.Arming;
using OriginGuard.Ranges;
using OriginGuard.Surroundings;
using OriginGuard.TestKit;

namespace OriginGuard.Endurance.Kills;

/// <summary>Kills a process that writes, looks what the next start would read, and starts the next one on the same files.</summary>
internal static class KillRun
{
    private const int MostBytes = 4 * 1024 * 1024;
    private const int MostMilliseconds = 20;

    // Enough to see what a process leaves that writes into the file itself; seen in every second or third of them.
    private const int ControlTimes = 20;

    private static readonly Random Random = new(1);

    /// <returns>0: each file could be read each time; 1: one could not; 2: nor was the control found out, and the figures say nothing.</returns>
    public static async Task<int> RunAsync(int times)
    {
        var control = await CountAsync(ControlTimes, isControl: true);
        Console.WriteLine($"control, written in place: {ControlTimes} kills, {control.Unreadable} unreadable");
        var (unreadable, leftovers) = await CountAsync(times, isControl: false);
        Console.WriteLine($"written beside and renamed: {times} kills, {unreadable} unreadable, {leftovers} cut short beside them");
        return control.Unreadable == 0 || leftovers == 0 ? 2 : unreadable == 0 ? 0 : 1;
    }

    private static async Task<(int Unreadable, int Leftovers)> CountAsync(int times, bool isControl)
    {
        using var folder = new TemporaryFolder();
        var unreadable = 0;
        for (var time = 0; time < times; time++)
        {
            await KillAsync(folder.Path, isControl);
            unreadable += (IsWhole(folder.Path, Writer.Snapshot, IsSnapshot) ? 0 : 1) + (IsWhole(folder.Path, Writer.Report, IsReport) ? 0 : 1);
        }

        return (unreadable, Directory.GetFiles(folder.Path, "*.tmp").Length);
    }

    private static async Task KillAsync(string folder, bool isControl)
    {
        using var writer = Process.Start(new ProcessStartInfo("dotnet", [typeof(KillRun).Assembly.Location, Writer.Command, folder, $"{isControl}"]) { RedirectStandardOutput = true })!;
        await writer.StandardOutput.ReadLineAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(Random.NextDouble() * MostMilliseconds), TimeProvider.System);
        writer.Kill();
        await writer.WaitForExitAsync();
    }

    private static bool IsWhole(string folder, string name, Func<string, bool> isWhole)
    {
        try
        {
            return isWhole(KeptFile.Read(Path.Combine(folder, name), MostBytes));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool IsSnapshot(string text) => SnapshotText.Parse(text) is [var record] && record.Networks.Count == Writer.NetworksOf(TurnOf(record.LoadedAt));

    private static bool IsReport(string text) => ArmingText.Parse(text) is var state && state.Callers.Count == Writer.CallersOf(TurnOf(state.AsOf));

    private static int TurnOf(DateTimeOffset time) => (int)(time - DateTimeOffset.UnixEpoch).TotalSeconds;
}
