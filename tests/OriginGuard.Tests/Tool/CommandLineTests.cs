using OriginGuard.Testing;
using OriginGuard.TestKit;
using OriginGuard.Tool;
using OriginGuard.Tool.Terminal;
using Xunit;

namespace OriginGuard.Tests.Tool;

public sealed class CommandLineTests
{
    private const string Surplus = "k8fQ2mZ7pLx0Vt4Rb9sWc1Yd6Ue3Ha5J";

    [Theory]
    [InlineData("ranges", "never an empty or a partial rule set")]
    [InlineData("secret", "kept nowhere")]
    [InlineData("assertion", "never printed")]
    [InlineData("probe", "Ends with 0")]
    public async Task Every_command_explains_itself(string command, string says)
    {
        var overview = await ToolRun.StartAsync("--help");
        var help = await ToolRun.StartAsync(command, "--help");

        Assert.Equal((0, 0), (overview.Code, help.Code));
        Assert.Contains("\n  originguard [command] [options]\n", overview.Output, StringComparison.Ordinal);
        Assert.Contains($"\n  originguard {command} ", help.Output, StringComparison.Ordinal);
        Assert.Contains(command, overview.Output, StringComparison.Ordinal);
        Assert.Contains(says, help.Output, StringComparison.Ordinal);
        Assert.Contains("Exit codes: 0", overview.Output, StringComparison.Ordinal);
        Assert.Equal("", overview.Error + help.Error);
    }

    [Theory]
    [InlineData("Did you mean ranges?", "rangs")]
    [InlineData("Did you mean --server?", "ranges", "--sever", "127.0.0.1")]
    [InlineData("Did you mean --audience?", "assertion", "-", "--audiense", "x")]
    public async Task A_slip_is_answered_with_what_was_meant(string says, params string[] arguments)
    {
        var run = await ToolRun.StartAsync(arguments);

        run.HasFailed();
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("rangs")]
    [InlineData("ranges", "surplus")]
    [InlineData("ranges", "--format", "pf")]
    [InlineData("ranges", "--format", "1")]
    [InlineData("ranges", "--format", "NGINX")]
    [InlineData("ranges", "--json", "--format", "nginx")]
    [InlineData("ranges", "--record", "")]
    [InlineData("ranges", "--record", "a name")]
    [InlineData("ranges", "--record", "x\u001b[2J.example")]
    [InlineData("ranges", "--record", "x.example\nallow all")]
    [InlineData("ranges", "--server", "dns.example")]
    [InlineData("ranges", "--server", "127.0.0.1:0x35")]
    [InlineData("ranges", "--doh", "http://dns.example/dns-query")]
    [InlineData("ranges", "--doh", "https://user:word@dns.example/dns-query")]
    [InlineData("ranges", "--doh", "dns.google")]
    [InlineData("ranges", "--doh", "https://dns.example/", "--server", "127.0.0.1")]
    [InlineData("ranges", "--format", "nftables", "--port", "0")]
    [InlineData("ranges", "--format", "nftables", "--port", "65536")]
    [InlineData("ranges", "--format", "nftables", "--port", "https")]
    [InlineData("ranges", "--format", "nftables", "--family", "ipv4")]
    [InlineData("ranges", "--watch", "--aggregate")]
    [InlineData("ranges", "--format", "nginx", "--port", "443")]
    [InlineData("ranges", "--format", "nftables", "--watch")]
    [InlineData("secret", "--bytes", "15")]
    [InlineData("secret", "--bytes", "513")]
    [InlineData("secret", "--header", "X-Goog-Secret")]
    [InlineData("secret", "--header", "X_Origin_Guard")]
    [InlineData("secret", "--header", "X-Origin-Guard: forged\r\nHost")]
    [InlineData("secret", "--backend-service", "$(reboot)")]
    [InlineData("secret", "--backend-service", "a b")]
    [InlineData("secret", "--backend-service", "backend\n")]
    [InlineData("assertion")]
    [InlineData("assertion", "-", "--audience", "with blank s")]
    [InlineData("assertion", "-", "--project-number", "my-project")]
    [InlineData("assertion", "-", "--keys", "http://keys.example/")]
    [InlineData("assertion", "-", "--at", "yesterday")]
    [InlineData("assertion", "-", "--at", "99999999999999")]
    [InlineData("assertion", "-", "--at", "0001-01-01")]
    [InlineData("probe")]
    [InlineData("probe", "origin.example")]
    [InlineData("probe", "ftp://origin.example")]
    [InlineData("probe", "https://user:word@origin.example")]
    [InlineData("probe", "https://origin.example", "--connect", "elsewhere.example")]
    [InlineData("probe", "https://origin.example", "--timeout", "0")]
    [InlineData("probe", "https://origin.example", "--header", "Host")]
    [InlineData("probe", "https://origin.example", "--refused-status", "200")]
    public async Task A_wrong_command_line_ends_with_2_and_one_line(params string[] args)
    {
        var run = await ToolRun.StartAsync(args);

        run.HasFailed();
        Assert.Contains("See originguard", run.Error, StringComparison.Ordinal); // a lookup that failed ends with 2 and a line, too
    }

    [Theory]
    [InlineData("--bytes needs|--header does not do|--backend-service needs|See originguard secret --help.", "secret", "--bytes", "15", "--header", "Host", "--backend-service", "A")]
    [InlineData("--connect needs|--header does not do|--timeout needs|--refused-status needs|--report and --token-file need --through", "probe", "https://origin.example", "--connect", "x", "--header", "Host", "--timeout", "0", "--refused-status", "200", "--report", "r")]
    [InlineData("An https or http address|--through needs an https", "probe", "origin.example", "--through", "app.example")]
    public async Task All_mistakes_are_named_at_once(string mistakes, params string[] args)
    {
        var run = await ToolRun.StartAsync(args);

        run.HasFailed();
        Assert.All(mistakes.Split('|'), mistake => Assert.Contains(mistake, run.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_not_foreseen_is_one_line_too()
    {
        var run = await ToolRun.StartAsync(["assertion", "-"], static (output, error) => new ToolContext
        {
            Output = output,
            Error = error,
            OpenInput = static () => throw new InvalidOperationException("a bug\u001b[2J\nof ours"),
        });

        run.HasFailed();
        Assert.Contains("this was not foreseen, please report it: a bug", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the result cannot be written: No space left on device", "secret")]
    [InlineData("what goes out cannot be written: No space left on device", "--help")]
    public async Task An_output_that_cannot_be_written_is_named(string says, params string[] args)
    {
        using var full = new FullDisk();
        var run = await ToolRun.StartAsync(args, (_, error) => new ToolContext { Output = full, Error = error });

        run.HasFailed();
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    /// <summary>Both, as a job of the night with <c>>> log 2>&amp;1</c>: what is left is the exit code.</summary>
    [Theory]
    [InlineData("secret")]
    [InlineData("secret", "--bytes", "15")]
    [InlineData("rangs")]
    public async Task Without_any_place_to_write_to_the_exit_code_remains(params string[] args)
    {
        using var full = new FullDisk();

        Assert.Equal(2, (await ToolRun.StartAsync(args, (_, _) => new ToolContext { Output = full, Error = full })).Code);
    }

    /// <summary>The place where a key or a token does not belong is a log of CI sooner or later.</summary>
    [Theory]
    [InlineData("one argument too many for explain", "explain", "AeN7", Surplus)]
    [InlineData("one argument too many for explain", "explain", $"--key={Surplus}", "AeN7")]
    [InlineData("one argument too many for explain", "explain", "--key", Surplus, "AeN7")]
    [InlineData("'-k'", "explain", "AeN7", $"-k={Surplus}")]
    [InlineData("'--token'.", "probe", "https://origin.example", $"--token={Surplus}")]
    [InlineData("one argument too many for secret", "secret", Surplus)]
    public async Task What_is_typed_where_nothing_belongs_is_not_printed(string says, params string[] args)
    {
        var run = await ToolRun.StartAsync(args);

        run.HasFailed();
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Surplus, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("as a whole number. See", "secret", "--bytes", "many")]
    [InlineData("as a whole number. See", "ranges", "--format", "nftables", "--port", "https")]
    [InlineData("Must be one of: 'text' 'json' 'nftables'", "ranges", "--format", "yaml")]
    public async Task A_value_of_the_wrong_kind_is_named_in_plain_words(string says, params string[] args) =>
        Assert.Contains(says, (await ToolRun.StartAsync(args)).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Refuses_to_close_the_port_of_ssh() =>
        Assert.Contains("ssh", (await ToolRun.StartAsync("ranges", "--format", "nftables", "--port", "443", "--port", "22")).Error, StringComparison.Ordinal);

    [Fact]
    public async Task An_argument_is_never_read_as_a_file_of_arguments()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "--help", TestContext.Current.CancellationToken);

        var run = await ToolRun.StartAsync($"@{file}");
        File.Delete(file);

        run.HasFailed();
    }

    [Fact]
    public async Task Ctrl_C_ends_with_130_and_without_a_word()
    {
        using var stop = new CancellationTokenSource();
        using var output = new StringWriter();
        using var error = new StringWriter();
        await using var silent = LoopbackDnsServer.Start();
        silent.Behave(LoopbackDnsBehavior.Silent);
        var running = CommandLine.RunAsync(
            ["ranges", "--server", silent.EndPoint.ToString()],
            new ToolContext { Output = output, Error = error, Time = new ManualTimeProvider() },
            stop.Token);
        await silent.WaitForQueriesAsync(1, TestContext.Current.CancellationToken);

        await stop.CancelAsync();

        Assert.Equal(130, await running);
        Assert.Equal("", output.ToString() + error);
    }
}
