using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OriginGuard.RealServers.Tests.Tool;
using Xunit;

namespace OriginGuard.RealServers.Tests;

/// <summary>A real server as a child process: started in a temporary folder on free loopback ports, and killed at the end.</summary>
public sealed class RealServer : IAsyncDisposable
{
    private const int Starts = 3;

    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private RealServer(ServerSetup setup, Process process)
    {
        (Setup, _process) = (setup, process);
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
    }

    public ServerSetup Setup { get; }

    public IPEndPoint EndPoint => Setup.EndPoint;

    /// <summary>What the server has written so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts a server, or skips the test where it is not installed.</summary>
    /// <param name="program">What to start.</param>
    /// <param name="prepare">Writes the configuration and gives the arguments. Asked again, with other ports, when a start fails.</param>
    /// <param name="isReady">Whether the server answers; by default whether its port takes a TCP connection.</param>
    public static async Task<RealServer> StartAsync(
        ServerProgram program,
        Func<ServerSetup, IEnumerable<string>> prepare,
        Func<RealServer, CancellationToken, Task<bool>>? isReady = null)
    {
        var path = program.Require();
        for (var start = 1; ; start++)
        {
            var server = Launch(path, prepare);
            try
            {
                if (await server.WaitAsync(isReady ?? TakesConnectionsAsync))
                {
                    return server;
                }

                // It ended by itself: most likely somebody else has got its port.
                Assert.True(start < Starts, $"{program.Name} does not stay up:\n{server.Output}");
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }

            await server.DisposeAsync();
        }
    }

    /// <summary>Waits until the server has written something: what it logs of a request may come after its answer.</summary>
    public async Task WaitForOutputAsync(string text) => Assert.True(
        await WaitAsync((server, _) => Task.FromResult(server.Output.Contains(text, StringComparison.Ordinal))),
        $"It ended without a word of {text}:\n{Output}");

    /// <summary>Asks the server to end, as a supervisor does, and waits until it has.</summary>
    public async Task StopAsync()
    {
        await ProgramRun.StartAsync("kill", "-TERM", $"{_process.Id}");
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Setup.Dispose();
    }

    private static RealServer Launch(string path, Func<ServerSetup, IEnumerable<string>> prepare)
    {
        var setup = new ServerSetup();
        try
        {
            var start = new ProcessStartInfo(path, prepare(setup))
            {
                WorkingDirectory = setup.Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            var server = new RealServer(setup, new Process { StartInfo = start });
            server._process.Start();
            server._process.BeginOutputReadLine();
            server._process.BeginErrorReadLine();
            return server;
        }
        catch
        {
            setup.Dispose();
            throw;
        }
    }

    private async Task<bool> WaitAsync(Func<RealServer, CancellationToken, Task<bool>> isReady)
    {
        // A real process has its own clock: this is the one place where tests wait for one.
        using var limit = new CancellationTokenSource(ReadyWithin, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, TestContext.Current.CancellationToken);
        try
        {
            while (!_process.HasExited)
            {
                if (await isReady(this, either.Token))
                {
                    return true;
                }

                await Task.Delay(Poll, TimeProvider.System, either.Token);
            }

            return false;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} runs and does not answer:\n{Output}");
        }
    }

    private static async Task<bool> TakesConnectionsAsync(RealServer server, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(server.EndPoint, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }
}
