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

    [Theory]
    [InlineData("originguard ra", "ranges")]
    [InlineData("originguard ranges --fo", "--format")]
    [InlineData("originguard ranges --format ngi", "nginx")]
    public async Task Zsh_completes(string line, string completed)
    {
        var zsh = ServerProgram.Zsh.Require();
        var script = await InstallAsync("zsh");

        // Its completion works only while somebody types: a shell on a terminal of its own, and another one that types.
        var (code, output) = await ProgramRun.StartAsync(zsh, "-f", "-c", $$"""
            zmodload zsh/zpty
            zpty shell "TERM=dumb PATH='{{_folder.Path}}':$PATH '{{zsh}}' -f -i"
            zpty -w shell "stty -echo; autoload -Uz compinit; compinit -u -D; . '{{script}}'; print re''ady"
            zpty -r shell seen '*ready*'
            zpty -w -n shell $'{{line}}\t'
            zpty -r shell seen '*{{completed}}*' && print completed
            """);

        Assert.Equal((0, "completed"), (code, output.Trim()));
    }

    [Theory]
    [InlineData("originguard ra", "ranges")]
    [InlineData("cd; originguard ranges --fo", "--format")]
    [InlineData("originguard ranges --family ", "ipv4,ipv6")]
    public async Task PowerShell_completes(string line, string completed)
    {
        var pwsh = ServerProgram.PowerShell.Require();
        var script = await InstallAsync("pwsh");
        var profile = Path.ChangeExtension(script, ".ps1");
        File.Move(script, profile);

        var (code, output) = await ProgramRun.StartAsync(
            pwsh, "-NoProfile", "-Command", $"$env:PATH = '{_folder.Path}:' + $env:PATH; . '{profile}'; (TabExpansion2 '{line}' {line.Length}).CompletionMatches.CompletionText -join ','");

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
