using System.Diagnostics;
using Xunit;

namespace OriginGuard.RealServers.Tests.Packages;

/// <summary>The command line of .NET, as a user has it.</summary>
internal static class DotnetCommand
{
    /// <summary>Runs a command in a folder to its end, which has to be a good one, and gives what it wrote.</summary>
    public static Task<string> RunAsync(string folder, params string[] arguments) => RunAsync(folder, home: null, arguments);

    /// <param name="folder">The folder.</param>
    /// <param name="home">The home of the user, where it keeps user secrets; null for the one of whoever runs the tests.</param>
    /// <param name="arguments">The command.</param>
    public static async Task<string> RunAsync(string folder, string? home, string[] arguments)
    {
        var (code, text) = await EndAsync(folder, home, arguments);
        Assert.True(code == 0, $"dotnet {string.Join(' ', arguments)} ended with {code}:\n{text}");
        return text;
    }

    /// <summary>Runs a command in a folder to its end, which has to be a bad one, and gives what it wrote.</summary>
    public static async Task<string> FailAsync(string folder, params string[] arguments)
    {
        var (code, text) = await EndAsync(folder, home: null, arguments);
        Assert.NotEqual(0, code);
        return text;
    }

    private static async Task<(int Code, string Text)> EndAsync(string folder, string? home, string[] arguments)
    {
        var start = new ProcessStartInfo(ServerProgram.Dotnet.Require(), arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // No compiler or build node may outlive the command, and nothing of the run that this test is part of may reach into it.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        if (home is not null)
        {
            start.Environment["HOME"] = home;
        }

        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!; // a new process, never a shared one
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
