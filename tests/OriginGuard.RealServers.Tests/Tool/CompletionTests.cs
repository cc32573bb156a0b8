using OriginGuard.TestKit;
using OriginGuard.Tool;
using Xunit;

namespace OriginGuard.RealServers.Tests.Tool;

/// <summary>The scripts in the shells that they are for.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("originguard ra", "ranges")]
    [InlineData("originguard ranges --fo", "--format")]
    [InlineData("originguard ranges --format ngi", "nginx")]
    public async Task Bash_completes(string line, string completed)
    {
        var script = await InstallAsync("bash");

        var (code, output) = await ProgramRun.StartAsync("bash", "-c", $"PATH=\"{_folder.Path}:$PATH\"; . '{script}'; COMP_LINE='{line}'; COMP_POINT={line.Length}; _originguard; echo \"${{COMPREPLY[@]}}\"");

        Assert.Equal((0, completed), (code, output.Trim()));
    }

    [Theory]
    [InlineData("originguard ra", "ranges")]
    [InlineData("originguard ranges --fo", "--format")]
    [InlineData("originguard ranges --format ngi", "nginx")]
    public async Task Fish_completes(string line, string completed)
    {
        var fish = ServerProgram.Fish.Require();
        var script = await InstallAsync("fish");

        var (code, output) = await ProgramRun.StartAsync(fish, "--no-config", "-c", $"set -x PATH '{_folder.Path}' $PATH; source '{script}'; complete -C '{line}'");

        Assert.Equal((0, completed), (code, output.Trim()));
    }

    /// <summary>The tool under its own name, and the script that it prints.</summary>
    private async Task<string> InstallAsync(string shell)
    {
        var tool = Path.Combine(_folder.Path, "originguard");
        await File.WriteAllTextAsync(tool, $"#!/bin/sh\nexec dotnet '{typeof(CommandLine).Assembly.Location}' \"$@\"\n", TestContext.Current.CancellationToken);
        await ProgramRun.StartAsync("chmod", "+x", tool);
        var (code, script) = await ProgramRun.StartAsync(tool, "completions", shell);
        Assert.Equal(0, code);
        var path = Path.Combine(_folder.Path, "script");
        await File.WriteAllTextAsync(path, script, TestContext.Current.CancellationToken);
        return path;
    }
}
