using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OriginGuard.Sample;
using Xunit;

namespace OriginGuard.Tests.Sample;

public sealed class SampleProgramTests : IDisposable
{
    private readonly StringWriter _output = new(CultureInfo.InvariantCulture);
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture);

    private string[] ErrorLines => _error.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Walks_through_every_attempt_and_finds_what_it_expects()
    {
        Assert.Equal(0, await RunAsync("walkthrough"));

        var table = _output.ToString();
        Assert.Contains("All 25 came as expected.", table, StringComparison.Ordinal);
        Assert.DoesNotContain("differs", table, StringComparison.Ordinal);
        Assert.Empty(ErrorLines);
    }

    [Fact]
    public async Task Walks_through_with_a_connection_guard_and_gets_no_answer_around_the_load_balancer()
    {
        Assert.Equal(0, await RunAsync("walkthrough", "--Sample:ConnectionGuard=true"));

        var around = _output.ToString().Split(Environment.NewLine).Where(static line => line.Contains("around it", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, around.Count);
        Assert.All(around, static line => Assert.EndsWith("no answer  ok", string.Join("  ", line.Split("  ", StringSplitOptions.RemoveEmptyEntries).Select(static cell => cell.Trim())), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--OriginGuard:SourceAddress:Mode=Disabled", "Go around the load balancer")]
    [InlineData("--OriginGuard:SharedSecret:Mode=ReportOnly", "Guess the secret")]
    [InlineData("--OriginGuard:Iap:Mode=Disabled", "Forge the signature")]
    public async Task Walks_into_a_difference_where_a_layer_does_not_refuse(string setting, string attempt)
    {
        Assert.NotEqual(0, await RunAsync("walkthrough", setting));

        var line = _output.ToString().Split(Environment.NewLine).Single(line => line.Contains(attempt, StringComparison.Ordinal));
        Assert.EndsWith("differs", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_in_one_line_that_the_port_of_the_origin_is_taken_and_how_to_choose_another()
    {
        using var taken = Take(out var port);

        Assert.NotEqual(0, await RunAsync($"--urls=http://127.0.0.1:{port}", "--Sample:SimulatorPort=0"));

        var line = Assert.Single(ErrorLines);
        Assert.Contains(port.ToString(CultureInfo.InvariantCulture), line, StringComparison.Ordinal);
        Assert.Contains("--urls", line, StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task Says_in_one_line_that_the_port_of_the_load_balancer_is_taken_and_how_to_choose_another()
    {
        using var taken = Take(out var port);

        Assert.NotEqual(0, await RunAsync("--urls=http://127.0.0.1:0", $"--Sample:SimulatorPort={port}"));

        var line = Assert.Single(ErrorLines);
        Assert.Contains(port.ToString(CultureInfo.InvariantCulture), line, StringComparison.Ordinal);
        Assert.Contains("--Sample:SimulatorPort", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_in_one_line_that_the_port_of_the_dns_server_is_taken_and_how_to_choose_another()
    {
        using var taken = Take(out var port);

        Assert.NotEqual(0, await RunAsync("--urls=http://127.0.0.1:0", "--Sample:SimulatorPort=0", $"--Sample:DnsPort={port}"));

        Assert.Contains("--Sample:DnsPort", Assert.Single(ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_each_mistake_of_the_guard_in_a_line_of_its_own()
    {
        Assert.NotEqual(0, await RunAsync(
            "--urls=http://127.0.0.1:0", "--Sample:Simulator=false", "--OriginGuard:Mode=Perhaps", "--OriginGuard:SharedSecret:Secrets:0=short-one"));

        Assert.Equal(2, ErrorLines.Length);
        Assert.Contains(ErrorLines, static line => line.StartsWith("OriginGuard:Mode ", StringComparison.Ordinal));
        Assert.Contains(ErrorLines, static line => line.StartsWith("OriginGuard:SharedSecret:Secrets:0 ", StringComparison.Ordinal));
        Assert.DoesNotContain("short-one", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Sample:Simulator=perhaps", "Sample:Simulator is \"perhaps\"")]
    [InlineData("--Sample:SimulatorPort=70000", "Sample:SimulatorPort is \"70000\"")]
    [InlineData("--Sample:ConnectionGuard=on", "Sample:ConnectionGuard is \"on\"")]
    [InlineData("--Sample:Iap=1", "Sample:Iap is \"1\"")]
    [InlineData("--urls=garbage", "garbage")]
    [InlineData("--urls=http://192.0.2.1:80", "no such address")]
    public async Task Says_in_one_line_what_it_cannot_start_with(string arg, string expected)
    {
        Assert.NotEqual(0, await RunAsync("--Sample:SimulatorPort=0", arg));

        Assert.Contains(expected, Assert.Single(ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_where_to_go_and_ends_when_it_is_told_to()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var told = new NotifyingWriter(stop.Cancel);

        Assert.Equal(0, await SampleProgram.RunAsync(["--urls=http://127.0.0.1:0", "--Sample:SimulatorPort=0"], told, _error, stop.Token));

        Assert.Contains("through the load balancer: admitted", told.ToString(), StringComparison.Ordinal);
        Assert.Contains("around it, to the origin: refused", told.ToString(), StringComparison.Ordinal);
        Assert.Empty(ErrorLines);
    }

    private static Socket Take(out int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        return socket;
    }

    private Task<int> RunAsync(params string[] args) => SampleProgram.RunAsync(args, _output, _error, TestContext.Current.CancellationToken);

    private sealed class NotifyingWriter(Action written) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override async Task WriteAsync(string? value)
        {
            await base.WriteAsync(value);
            written();
        }
    }
}
