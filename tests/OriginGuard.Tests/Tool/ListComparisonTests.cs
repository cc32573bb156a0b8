using System.Text.Json;
using OriginGuard.Testing;
using OriginGuard.Tests.PublishedLists;
using OriginGuard.Tool.Terminal;
using Xunit;

namespace OriginGuard.Tests.Tool;

/// <summary><c>originguard ranges</c> compares Google's record with Google's lists, as the guard does.</summary>
public sealed class ListComparisonTests : IAsyncDisposable
{
    private const string Google = SourceAddressOptions.GoogleRecordName;

    private readonly LoopbackDnsServer _dns = LoopbackDnsServer.Start();
    private readonly ScriptedLists _lists = new() { Google = ["34.64.0.0/10"], Cloud = ["34.97.0.0/16"] };

    public async ValueTask DisposeAsync()
    {
        _lists.Dispose();
        await _dns.DisposeAsync();
    }

    [Theory]
    [InlineData("v=spf1 ip4:45.0.0.0/24 -all", "45.0.0.0/24 is not in goog.json (lists of 2026-11-01)")]
    [InlineData("v=spf1 ip4:34.96.0.0/20 ip4:34.97.5.5 -all", "34.97.5.5/32 overlaps 34.97.0.0/16, which cloud.json gives to customers")]
    public async Task Prints_no_rule_at_all_when_fresh_lists_deny_the_answer(string text, string says)
    {
        _dns.SetTxt(Google, text);

        var run = await RunAsync();

        run.HasFailed();
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prints_what_they_confirm_and_says_so_in_json()
    {
        _dns.SetTxt(Google, "v=spf1 ip4:34.96.0.0/20 -all");

        var run = await RunAsync("--json");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal("confirmed", JsonDocument.Parse(run.Output).RootElement.GetProperty("corroboration").GetString());
    }

    [Theory]
    [InlineData("v=spf1 ip4:34.96.0.0/20 -all", "34.96.0.0/20\n", "The copy of 2025-07-24 holds the answer.\n")]
    [InlineData("v=spf1 ip4:45.0.0.0/24 -all", "45.0.0.0/24\n", "The copy of 2025-07-24 denies the answer: 45.0.0.0/24 is not in goog.json")]
    public async Task Says_when_it_had_only_the_copy_that_is_built_in(string text, string prints, string notes)
    {
        _lists.Google = null;
        _dns.SetTxt(Google, text);

        var run = await RunAsync();

        Assert.Equal((0, prints), (run.Code, run.Output));
        Assert.StartsWith("note: Google's lists cannot be fetched (https://www.gstatic.com: no route to host). ", run.Error, StringComparison.Ordinal);
        Assert.Contains(notes, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--no-lists")]
    [InlineData("--record", "_other.example")]
    public async Task Asks_nobody_when_it_is_told_so_and_for_another_record(params string[] arguments)
    {
        _dns.SetTxt(Google, "v=spf1 ip4:45.0.0.0/24 -all");
        _dns.SetTxt("_other.example", "v=spf1 ip4:45.0.0.0/24 -all");

        var run = await RunAsync(arguments);

        Assert.Equal((0, "45.0.0.0/24\n", "", 0), (run.Code, run.Output, run.Error, _lists.Fetches));
    }

    private Task<ToolRun> RunAsync(params string[] more) => ToolRun.StartAsync(
        ["ranges", "--server", _dns.EndPoint.ToString(), .. more], (output, error) => new ToolContext { Output = output, Error = error, Clients = _lists });
}
