using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using OriginGuard.TestKit;
using OriginGuard.Tool.Terminal;
using Xunit;

namespace OriginGuard.Tests.Tool;

public sealed class ScreenTests
{
    [Theory]
    [InlineData(true, "xterm-256color", null, null, true)]
    [InlineData(true, "xterm", "", null, true)]
    [InlineData(true, null, null, "7d3c", true)]
    [InlineData(true, "xterm", "1", null, false)]
    [InlineData(true, null, "1", "7d3c", false)]
    [InlineData(true, "dumb", null, null, false)]
    [InlineData(true, null, null, null, false)]
    [InlineData(true, "", null, "", false)]
    [InlineData(false, "xterm", null, null, false)]
    public void Colours_are_for_a_terminal_that_shows_them_and_a_person_who_wants_them(bool isTerminal, string? term, string? noColor, string? windowsTerminal, bool colored) =>
        Assert.Same(colored ? Palette.Colored : Palette.Plain, Screen.Colors(isTerminal, Environment(term, noColor, windowsTerminal)));

    [Fact]
    public void Nothing_has_no_colour() => Assert.Equal(("", "\u001b[31mno\u001b[0m", "no"), (Palette.Colored.Bad(""), Palette.Colored.Of(false, "no"), Palette.Plain.Of(false, "no")));

    [Theory]
    [InlineData(true, "xterm", "\r\u001b[Kwaits\r\u001b[K")]
    [InlineData(true, "dumb", "")]
    [InlineData(false, "xterm", "")]
    public void Progress_is_for_a_terminal_and_leaves_nothing_there(bool isTerminal, string term, string written)
    {
        using var screen = new StringWriter();
        using (Screen.Progress(isTerminal, screen, Environment(term, noColor: "1", windowsTerminal: null)).During("waits"))
        {
        }

        Assert.Equal(written, screen.ToString());
    }

    [Fact]
    public void A_line_of_progress_never_wraps_and_shows_no_foreign_sign()
    {
        using var screen = new StringWriter();
        using var progress = new ProgressLine(screen);

        progress.Say(new string('a', 200) + "\n");
        progress.Say("\u001b[2J");

        Assert.Equal($"\r\u001b[K{new string('a', 76)}...\r\u001b[K?[2J", screen.ToString());
    }

    [Fact]
    public async Task What_decides_is_coloured_and_the_rest_is_the_same_text()
    {
        await using var origin = await GuardedOrigin.StartAsync(GuardedApp.Settings());
        string[] probe = ["probe", origin.Address.ToString()];

        var plain = await ToolRun.StartAsync(probe);
        var colored = await ToolRun.StartAsync(probe, static (output, error) => new ToolContext { Output = output, Error = error, Colors = Palette.Colored });

        Assert.StartsWith("\u001b[32mgood: refused around the load balancer\u001b[0m\n", colored.Output, StringComparison.Ordinal);
        Assert.Contains("  \u001b[32mrefused  \u001b[0m 403", colored.Output, StringComparison.Ordinal);
        Assert.Contains("  \u001b[31mWRONG    \u001b[0m ", colored.Output, StringComparison.Ordinal);
        Assert.Contains("  \u001b[32mok       \u001b[0m ", colored.Output, StringComparison.Ordinal);
        Assert.Equal(plain.Output, Plain(colored.Output));
    }

    [Theory]
    [InlineData("http", 31, "BAD: ")]
    [InlineData("https", 33, "not known: ")]
    public async Task An_origin_that_answers_is_red_and_what_cannot_be_told_is_yellow(string scheme, int code, string says)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var running = ToolRun.StartAsync(
            ["probe", $"{scheme}://{listener.LocalEndpoint}"], static (output, error) => new ToolContext { Output = output, Error = error, Colors = Palette.Colored });
        for (var attempt = 0; attempt < 3; attempt++)
        {
            using var connection = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
            await connection.ReceiveAsync(new byte[64 * 1024], TestContext.Current.CancellationToken);
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        Assert.StartsWith($"\u001b[{code}m{says}", (await running).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_says_what_it_is_at_and_takes_it_back_before_the_result()
    {
        await using var origin = await GuardedOrigin.StartAsync(GuardedApp.Settings());
        using var screen = new StringWriter();

        // Both streams on one terminal, as with a person.
        var run = await ToolRun.StartAsync(
            ["probe", origin.Address.ToString()], (_, error) => new ToolContext { Output = screen, Error = error, Progress = new ProgressLine(screen) });

        Assert.Equal((0, ""), (run.Code, run.Error));
        var shown = screen.ToString();
        Assert.StartsWith("\r\u001b[Kprobing\r\u001b[Kdirectly at 127.0.0.1, disguise: none\r", shown, StringComparison.Ordinal);
        Assert.Contains(", disguise: X-Forwarded-For: ", shown, StringComparison.Ordinal);
        Assert.Contains("large headers\r\u001b[Kgood: refused around the load balancer\n", shown, StringComparison.Ordinal);
        Assert.Equal(shown.LastIndexOf("\u001b[K", StringComparison.Ordinal), shown.IndexOf("\u001b[Kgood", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failure_stands_on_a_line_of_its_own()
    {
        using var screen = new StringWriter();

        var run = await ToolRun.StartAsync(
            ["ranges", "--server", "127.0.0.1:1"], (output, _) => new ToolContext { Output = output, Error = screen, Progress = new ProgressLine(screen) });

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith("\r\u001b[Kasking DNS\r\u001b[Koriginguard: no ranges from the record ", screen.ToString(), StringComparison.Ordinal);
    }

    private static Func<string, string?> Environment(string? term, string? noColor, string? windowsTerminal) => name => name switch
    {
        "TERM" => term,
        "NO_COLOR" => noColor,
        "WT_SESSION" => windowsTerminal,
        _ => null,
    };

    private static string Plain(string text) => Regex.Replace(text, "\u001b\\[[0-9]+m", "");
}
