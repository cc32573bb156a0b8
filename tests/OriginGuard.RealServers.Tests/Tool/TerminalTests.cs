using System.Text.RegularExpressions;
using OriginGuard.TestKit;
using OriginGuard.Tool;
using Xunit;

namespace OriginGuard.RealServers.Tests.Tool;

/// <summary>The tool on a real terminal of the kernel, and on none.</summary>
public sealed class TerminalTests : IDisposable
{
    private const string Red = "\e[31mrefused: ";
    private const string Erase = "\r\e[K";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("TERM=xterm", true)]
    [InlineData("TERM=xterm NO_COLOR=1", false)]
    [InlineData("TERM=dumb", false)]
    public async Task A_verdict_is_coloured_on_a_terminal_unless_it_shall_not(string environment, bool colored)
    {
        var token = Path.Combine(_folder.Path, "token.txt");
        await File.WriteAllTextAsync(token, "a.b.c", TestContext.Current.CancellationToken);

        var (code, shown) = await OnTerminalAsync(environment, $"assertion '{token}'");

        Assert.Equal(1, code);
        Assert.Equal(colored, shown.Contains(Red, StringComparison.Ordinal));
        Assert.Equal(colored, Regex.IsMatch(shown, "\e\\[[0-9;]*m"));
        Assert.Contains("refused: iap.malformed", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_is_shown_on_a_terminal_and_taken_back()
    {
        var (code, shown) = await OnTerminalAsync("TERM=xterm", "ranges --server 127.0.0.1:1");

        Assert.Equal(2, code);
        Assert.Contains($"{Erase}asking DNS{Erase}originguard: no ranges", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_gets_neither()
    {
        var (_, probed) = await ProgramRun.StartAsync("dotnet", typeof(CommandLine).Assembly.Location, "probe", "http://127.0.0.1:1/");

        Assert.StartsWith("good: nothing answers", probed, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', probed);
    }

    private async Task<(int Code, string Shown)> OnTerminalAsync(string environment, string arguments)
    {
        var script = ServerProgram.Script.Require();
        return await ProgramRun.StartAsync(
            script, "--return", "--quiet", "--command", $"env -u WT_SESSION {environment} dotnet '{typeof(CommandLine).Assembly.Location}' {arguments}", Path.Combine(_folder.Path, "typescript"));
    }
}
