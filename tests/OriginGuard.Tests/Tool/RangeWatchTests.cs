using System.Text.Json;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using OriginGuard.Tests.PublishedLists;
using OriginGuard.Tool;
using OriginGuard.Tool.Terminal;
using Xunit;

namespace OriginGuard.Tests.Tool;

public sealed class RangeWatchTests : IAsyncDisposable
{
    private const string Google = SourceAddressOptions.GoogleRecordName;

    private static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(20);

    private readonly LoopbackDnsServer _dns = LoopbackDnsServer.Start();
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedLists _lists = new() { Google = ["34.64.0.0/10", "8.8.8.0/24"], Cloud = ["34.97.0.0/16"] };
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly CancellationTokenSource _stop = new();

    public async ValueTask DisposeAsync()
    {
        await _dns.DisposeAsync();
        await _output.DisposeAsync();
        await _error.DisposeAsync();
        _lists.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task Prints_what_comes_and_what_goes_until_Ctrl_C()
    {
        _dns.SetTxt(Google, TimeToLive, "v=spf1 ip4:34.96.0.0/20 ip4:34.127.192.0/18 ~all");
        var running = Start();
        var sleep = await AsleepAsync();

        _dns.SetTxt(Google, TimeToLive, "v=spf1 ip4:34.96.0.0/20 ip4:8.8.8.0/24 ~all");
        _time.Advance(sleep);
        await AsleepAsync(questions: 2);
        await _stop.CancelAsync();

        Assert.Equal(0, await running);
        Assert.Equal(
            $"""
            2026-01-01T00:00:00Z + 34.96.0.0/20
            2026-01-01T00:00:00Z + 34.127.192.0/18
            {_time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'} + 8.8.8.0/24
            {_time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'} - 34.127.192.0/18

            """,
            _output.ToString());
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task Asks_again_when_the_record_says_and_within_the_guard_s_bounds()
    {
        _dns.SetTxt(Google, TimeSpan.FromSeconds(1), "v=spf1 ip4:34.96.0.0/20 ~all");
        var running = Start();

        var shortest = await AsleepAsync();
        _dns.SetTxt(Google, TimeSpan.FromDays(7), "v=spf1 ip4:34.96.0.0/20 ~all");
        _time.Advance(shortest);
        var longest = await AsleepAsync(questions: 2);
        await _stop.CancelAsync();

        Assert.Equal(0, await running);
        Assert.InRange(shortest, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5.6));
        Assert.InRange(longest, TimeSpan.FromMinutes(54), TimeSpan.FromMinutes(60));
    }

    [Fact]
    public async Task Keeps_what_it_knows_when_DNS_fails_and_tries_again_soon()
    {
        _dns.SetTxt(Google, TimeToLive, "v=spf1 ip4:34.96.0.0/20 ~all");
        var running = Start("--json");
        var sleep = await AsleepAsync();

        _dns.Behave(LoopbackDnsBehavior.ServerFailure);
        _time.Advance(sleep);
        var retry = await AsleepAsync(questions: 4);
        _dns.Behave(LoopbackDnsBehavior.Answer);
        _time.Advance(retry);
        await AsleepAsync(questions: 5);
        await _stop.CancelAsync();

        Assert.Equal(0, await running);
        Assert.True(retry < TimeSpan.FromSeconds(1));
        using var only = JsonDocument.Parse(Assert.Single(_output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal("34.96.0.0/20", only.RootElement.GetProperty("added")[0].GetString());
        Assert.Contains("still 1 networks", Assert.Single(_error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asks_the_lists_again_when_they_deny_an_answer_since_Google_may_have_added_a_network_today()
    {
        _dns.SetTxt(Google, TimeToLive, "v=spf1 ip4:34.96.0.0/20 ~all");
        var running = Start();
        var sleep = await AsleepAsync();

        _lists.Google = ["34.64.0.0/10", "45.0.0.0/24"];
        _dns.SetTxt(Google, TimeToLive, "v=spf1 ip4:34.96.0.0/20 ip4:45.0.0.0/24 ~all");
        _time.Advance(sleep);
        await AsleepAsync(questions: 2);
        await _stop.CancelAsync();

        Assert.Equal((0, ""), (await running, _error.ToString()));
        Assert.Contains("+ 45.0.0.0/24", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_with_2_when_the_first_answer_fails()
    {
        Assert.Equal(2, await Start());
        Assert.Equal("", _output.ToString());
    }

    private Task<int> Start(params string[] more) => CommandLine.RunAsync(
        ["ranges", "--watch", "--server", _dns.EndPoint.ToString(), .. more],
        new ToolContext { Output = _output, Error = _error, Time = _time, Clients = _lists },
        _stop.Token);

    /// <summary>Waits until the watch has had its answer and sleeps: only the resolver's own timer is 2 s, and that of the lists 5 s.</summary>
    private async Task<TimeSpan> AsleepAsync(int questions = 1)
    {
        await _dns.WaitForQueriesAsync(questions, TestContext.Current.CancellationToken);
        while (_time.ArmedTimers is not [var only] || only == TimeSpan.FromSeconds(2) || only == TimeSpan.FromSeconds(5))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        return _time.ArmedTimers[0];
    }
}
