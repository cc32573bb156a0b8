using System.Diagnostics;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Sample;

public sealed class SampleProcessTests : IDisposable
{
    private readonly string _elsewhere = Directory.CreateTempSubdirectory("originguard-").FullName;

    public void Dispose() => Directory.Delete(_elsewhere, recursive: true);

    [Fact]
    public async Task Finds_its_file_beside_the_program_from_whatever_directory_it_is_started()
    {
        var said = await StartAndListenAsync(
            "--Sample:Simulator=false", "--urls=http://127.0.0.1:0", "--OriginGuard:SourceAddress:RecordNames=", "--OriginGuard:SourceAddress:Networks:0=127.0.0.1/32");

        Assert.Contains(said, static line => line.Contains(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Says_where_to_go_and_nothing_else()
    {
        var said = await StartAndListenAsync("--urls=http://127.0.0.1:0", "--Sample:SimulatorPort=0");

        Assert.Equal("OriginGuard sample: a guarded origin behind a simulated load balancer", said.First(static line => line.Length > 0));
        Assert.DoesNotContain(said, static line => line.StartsWith("warn", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ends_with_a_plain_line_and_no_stack_trace_when_it_cannot_start()
    {
        using var process = Start("--Sample:Simulator=perhaps");

        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.NotEqual(0, process.ExitCode);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(output);
    }

    [Fact]
    public async Task A_signal_during_the_start_ends_it_in_order()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals on Windows.");
        await using var dns = LoopbackDnsServer.Start();
        dns.Behave(LoopbackDnsBehavior.Silent);
        using var process = Start("--Sample:Simulator=false", "--urls=http://127.0.0.1:0", $"--OriginGuard:Dns:Servers:0={dns.EndPoint}", "--OriginGuard:Dns:Timeout=00:00:30");
        await dns.WaitForQueriesAsync(1, TestContext.Current.CancellationToken);

        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (process.ExitCode, error));
    }

    private Process Start(params string[] args) => Process.Start(new ProcessStartInfo(
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        [Path.Combine(AppContext.BaseDirectory, "OriginGuard.Sample.dll"), .. args])
    {
        WorkingDirectory = _elsewhere,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!; // a new process is never an existing one

    /// <summary>What the program says until it runs; then it is ended.</summary>
    private async Task<IReadOnlyList<string>> StartAndListenAsync(params string[] args)
    {
        using var process = Start(args);
        List<string> said = [];
        try
        {
            while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.StartsWith("Ctrl+C", StringComparison.Ordinal))
            {
                said.Add(line);
            }

            return said;
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
