using System.Diagnostics;
using System.Text;
using System.Text.Json;
using OriginGuard.References;
using OriginGuard.TestKit;
using OriginGuard.Tests.References;
using OriginGuard.Tool.Terminal;
using Xunit;

namespace OriginGuard.Tests.Tool;

public sealed class ExplainCommandTests
{
    private const string Key = "a-key-of-thirty-two-random-bytes-0001";

    private readonly string _reference = ReferenceKey.From(Key).Seal(ReferenceKeyTests.Record());

    [Fact]
    public async Task Says_what_each_layer_said_the_likely_cause_and_what_to_do()
    {
        var run = await RunAsync([_reference]);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal($"""
            refused: secret.missing
              2026-01-02 03:04:05.678 UTC, by igin-7c9b4-x2x7k
              GET /orders/17, from peer 34.96.1.1

              Headers        admitted
              SourceAddress  admitted (only reports)
              SharedSecret   refused: secret.missing  <- decided
              Iap            there, not verified: another layer had decided

            Most likely: {LikelyCause.Of(ReferenceKeyTests.Record())}
            First thing to do: Add the header to the backend service: --custom-request-header, beside those that it has, since the command sets the whole list. If it is a health check, exempt its path.
            More: docs/troubleshooting.md#secret-missing

            """, run.Output);
    }

    [Fact]
    public async Task Says_it_as_JSON()
    {
        var said = JsonElement.Parse((await RunAsync([_reference, "--json"])).Output);

        Assert.Equal(("refused", "secret.missing", "34.96.1.1"), (said.GetProperty("verdict").GetString(), said.GetProperty("reason").GetString(), said.GetProperty("peer").GetString()));
        Assert.Equal([false, false, true, false], said.GetProperty("layers").EnumerateArray().Select(static layer => layer.GetProperty("decided").GetBoolean()));
    }

    [Fact]
    public async Task Takes_the_whole_answer_from_standard_input()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"type":"about:blank","status":403,"reference":"{{_reference}}"}""");

        Assert.Equal(0, (await RunAsync(["-"], input: body)).Code);
    }

    [Fact]
    public async Task Takes_the_key_from_a_file_or_from_the_variable_that_names_one()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "key");
        await File.WriteAllTextAsync(path, $"{Key}\n", TestContext.Current.CancellationToken);

        Assert.Equal(0, (await RunAsync([_reference, "--key-file", path], key: "another-key-of-thirty-two-bytes-0001")).Code);
        Assert.Equal(0, (await RunAsync([_reference], key: null, keyFile: path)).Code);
        Assert.Equal(0, (await RunAsync([_reference], key: "", keyFile: path)).Code);
    }

    [Fact]
    public async Task Takes_the_key_from_a_pipe()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no mkfifo here.");
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "key");
        using (var mkfifo = Process.Start("mkfifo", path))
        {
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var running = Task.Run(() => RunAsync([_reference, "--key-file", path], key: null), TestContext.Current.CancellationToken);
        await using (var pipe = new FileStream(path, FileMode.Open, FileAccess.Write))
        {
            await pipe.WriteAsync(Encoding.UTF8.GetBytes(Key), TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, (await running).Code);
    }

    [Theory]
    [InlineData(null, "A key is needed")]
    [InlineData("", "A key is needed")]
    [InlineData("another-key-of-thirty-two-bytes-0001", "sealed with another key")]
    public async Task A_reference_that_does_not_open_says_why_in_one_line(string? key, string said)
    {
        var run = await RunAsync([_reference], key);

        run.HasFailed();
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(key is { Length: > 0 } ? key : "(none)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_reference_is_called_so()
    {
        var run = await RunAsync([" nonsense "]);

        run.HasFailed();
        Assert.Contains("The reference does not open. It is no reference", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_log_is_not_looked_through()
    {
        var run = await RunAsync(["-"], input: [.. Enumerable.Repeat((byte)'x', 64 * 1024), .. Encoding.UTF8.GetBytes(_reference)]);

        run.HasFailed();
        Assert.Contains("Standard input has more than 64 KiB.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_key_says_why()
    {
        var run = await RunAsync([_reference, "--key-file", "/nowhere/key"]);

        run.HasFailed();
        Assert.Contains("--key-file (\"/nowhere/key\") does not exist", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "--key-file is no path")]
    [InlineData(false, "OriginGuard__Rejection__ReferenceKeyFile is no path")]
    public async Task A_key_in_the_place_of_its_file_is_not_printed(bool asOption, string says)
    {
        const string Mistaken = "k8fQ2mZ7pLx0Vt4Rb9sWc1Yd6Ue3Ha5J";

        var run = asOption ? await RunAsync([_reference, "--key-file", Mistaken]) : await RunAsync([_reference], key: null, keyFile: Mistaken);

        run.HasFailed();
        Assert.DoesNotContain(Mistaken, run.Error, StringComparison.Ordinal);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    private static Task<ToolRun> RunAsync(string[] args, string? key = Key, string? keyFile = null, byte[]? input = null) =>
        ToolRun.StartAsync(["explain", .. args], (output, error) => new ToolContext
        {
            Output = output,
            Error = error,
            Variable = name => name switch { "OriginGuard__Rejection__ReferenceKey" => key, "OriginGuard__Rejection__ReferenceKeyFile" => keyFile, _ => null },
            OpenInput = () => new MemoryStream(input ?? []),
        });
}
