using System.Diagnostics;
using Xunit;

namespace OriginGuard.RealServers.Tests.Tool;

/// <summary>A real program that is run to its end.</summary>
internal static class ProgramRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Task<(int Code, string Output)> StartAsync(string path, params string[] arguments) => StartInAsync("", path, arguments);

    /// <summary>The same in a folder, for a program that leaves its files where it is.</summary>
    public static async Task<(int Code, string Output)> StartInAsync(string folder, string path, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, TestContext.Current.CancellationToken);
        using var process = Process.Start(new ProcessStartInfo(path, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(either.Token);
            var error = process.StandardError.ReadToEndAsync(either.Token);
            await process.WaitForExitAsync(either.Token);
            return (process.ExitCode, await output + await error);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
