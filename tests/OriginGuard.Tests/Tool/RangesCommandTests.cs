using System.Text.Json;
using OriginGuard.Testing;
using OriginGuard.Tests.Dns;
using Xunit;

namespace OriginGuard.Tests.Tool;

public sealed class RangesCommandTests : IAsyncDisposable
{
    private const string Google = SourceAddressOptions.GoogleRecordName;

    private readonly LoopbackDnsServer _dns = LoopbackDnsServer.Start();

    private string Server => _dns.EndPoint.ToString();

    public ValueTask DisposeAsync() => _dns.DisposeAsync();

    [Fact]
    public async Task Prints_the_networks_of_Google_s_record_one_to_a_line()
    {
        _dns.SetTxt(Google, "v=spf1 ip4:34.127.192.0/18 ip6:2600:1901::/48 ip4:34.96.0.0/20 ~all");

        var run = await ToolRun.StartAsync("ranges", "--server", Server);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal("34.96.0.0/20\n34.127.192.0/18\n2600:1901::/48\n", run.Output);
    }

    [Fact]
    public async Task Joins_several_records_and_what_they_include_each_network_once()
    {
        _dns.SetTxt("_a.example", TimeSpan.FromMinutes(10), "v=spf1 ip4:34.96.0.0/20 include:_c.example -all");
        _dns.SetTxt("_b.example", TimeSpan.FromMinutes(20), "v=spf1 ip4:34.96.0.0/20 ip4:8.8.8.8 -all");
        _dns.SetTxt("_c.example", TimeSpan.FromMinutes(7), "v=spf1 ip4:34.127.192.0/18 ?ip4:9.9.9.9 -all");

        var run = await ToolRun.StartAsync("ranges", "--server", Server, "--record", "_a.example", "--record", "_b.example", "--json");

        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(420, json.RootElement.GetProperty("timeToLiveSeconds").GetInt32());
        Assert.Equal(["_a.example", "_b.example"], json.RootElement.GetProperty("records").EnumerateArray().Select(record => record.GetString()));
        Assert.Equal(
            ["8.8.8.8/32", "34.96.0.0/20", "34.127.192.0/18"],
            json.RootElement.GetProperty("networks").EnumerateArray().Select(network => network.GetString()));
    }

    [Fact]
    public async Task Prints_the_fewest_networks_when_it_is_told_to()
    {
        _dns.SetTxt(Google, "v=spf1 ip4:34.96.8.0/21 ip4:34.96.0.0/21 ip4:34.96.1.0/24 ip6:2600:1901::/48 ~all");

        var run = await ToolRun.StartAsync("ranges", "--server", Server, "--aggregate");

        Assert.Equal((0, "", "34.96.0.0/20\n2600:1901::/48\n"), (run.Code, run.Error, run.Output));
    }

    [Fact]
    public async Task Asks_over_https_when_it_is_told_to()
    {
        await using var https = await HttpsDnsServer.StartAsync();

        var run = await ToolRun.StartAsync("ranges", "--doh", https.Endpoint.ToString());

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Single(https.Requests);
    }

    [Theory]
    [InlineData("v=spf1 -all", "no network")]
    [InlineData("v=spf1 ip4:0.0.0.0/0 -all", "wider than /8")]
    [InlineData("v=spf1 ip4:34.96.0.0/20 ip4:10.0.0.0/8 -all", "private use")]
    [InlineData("v=spf1 ip4:34.96.0.0/33 -all", "well-formed")]
    [InlineData("v=spf1 ip4:34.96.0.0/20 include:_missing.example -all", "NameError")]
    [InlineData("google-site-verification=x", "v=spf1")]
    [InlineData("v=spf1 ip4:\u001b[2J\u0007 -all", "ip4:?[2J?")]
    public async Task Prints_no_rule_at_all_when_a_record_does_not_do(string text, string says)
    {
        _dns.SetTxt(Google, text);

        foreach (var format in RangeFormatTests.Formats)
        {
            var run = await ToolRun.StartAsync("ranges", "--server", Server, "--format", format);

            run.HasFailed();
            Assert.Contains(says, run.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(LoopbackDnsBehavior.NameError)]
    [InlineData(LoopbackDnsBehavior.ServerFailure)]
    [InlineData(LoopbackDnsBehavior.Refused)]
    [InlineData(LoopbackDnsBehavior.Garbage)]
    [InlineData(LoopbackDnsBehavior.CloseOverTcp)]
    public async Task Prints_no_rule_at_all_when_DNS_does_not_answer(LoopbackDnsBehavior behavior)
    {
        _dns.SetTxt(Google, "v=spf1 ip4:34.96.0.0/20 -all");
        _dns.Behave(behavior);

        (await ToolRun.StartAsync("ranges", "--server", Server, "--format", "nftables")).HasFailed();
    }

    [Fact]
    public async Task Prints_no_half_of_a_rule_set_when_one_of_two_records_fails()
    {
        _dns.SetTxt("_a.example", "v=spf1 ip4:34.96.0.0/20 -all");

        (await ToolRun.StartAsync("ranges", "--server", Server, "--record", "_a.example", "--record", "_b.example")).HasFailed();
    }
}
