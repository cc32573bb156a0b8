using System.Net;
using Microsoft.Extensions.Logging;
using OriginGuard.PublishedLists;
using OriginGuard.TestKit;
using OriginGuard.Tests.Ranges;
using Xunit;

namespace OriginGuard.Tests.PublishedLists;

/// <summary>How the lists are fetched and kept.</summary>
public sealed class GoogleListsTests : IDisposable
{
    private static readonly SourceAddressOptions Options = new();

    private readonly ManualTimeProvider _clock = new();
    private readonly LogRecorder _logs = new();
    private readonly ScriptedLists _server = new() { Google = ["34.64.0.0/10"], Cloud = ["34.97.0.0/16"] };
    private readonly GoogleLists _lists;

    public GoogleListsTests() => _lists = new GoogleLists(_server, _clock, new Logger<GoogleLists>(_logs));

    public static TheoryData<string, HttpStatusCode> Answers => new()
    {
        { "", HttpStatusCode.OK },
        { ScriptedLists.Json([]), HttpStatusCode.OK },
        { ScriptedLists.Json(["34.64.0.0/10"])[..^3], HttpStatusCode.OK },
        { ScriptedLists.Json(["34.64.0.0/10"]), HttpStatusCode.NotFound },
        { ScriptedLists.Json(["34.64.0.0/10"]) + new string(' ', 1024 * 1024), HttpStatusCode.OK },
    };

    public void Dispose()
    {
        _lists.Dispose();
        _server.Dispose();
        _logs.Dispose();
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Keeps_the_former_lists_whatever_the_server_does(string body, HttpStatusCode status)
    {
        await StartAsync();
        var former = _lists.Status;
        foreach (var broken in (string[])["goog.json", "cloud.json"])
        {
            _server.Script = (request, _) => Task.FromResult(request.RequestUri!.AbsolutePath.EndsWith(broken, StringComparison.Ordinal)
                ? ScriptedLists.Answer(body, status)
                : ScriptedLists.Answer(ScriptedLists.Json(["34.64.0.0/10"])));
            await NextAsync();

            Assert.Equal((former.Networks, former.FetchedAt), (_lists.Status.Networks, _lists.Status.FetchedAt));
            Assert.StartsWith("https://www.gstatic.com: ", _lists.Status.LastError, StringComparison.Ordinal);
            Assert.Equal(body.Length > 1024 * 1024, _lists.Status.LastError!.EndsWith("more than 1048576 bytes", StringComparison.Ordinal));
        }

        _server.Script = null;
        await NextAsync();
        Assert.Null(_lists.Status.LastError);
        Assert.NotEqual(former.FetchedAt, _lists.Status.FetchedAt);
    }

    [Fact]
    public async Task Fetches_once_a_day_and_after_a_failure_within_the_hour()
    {
        await StartAsync();
        Assert.InRange(await NextAsync(), TimeSpan.FromHours(21.6), TimeSpan.FromHours(24));

        _server.Google = null;
        await NextAsync();
        for (var failure = 0; failure < 20; failure++)
        {
            Assert.InRange(await NextAsync(), TimeSpan.FromSeconds(0.37), TimeSpan.FromHours(1));
        }

        Assert.Equal([1, 2, 4, 8, 16], _logs.WithId(4132).Select(static (entry, index) => (entry.Level, Number: index + 1)).Where(static entry => entry.Level is LogLevel.Warning).Select(static entry => entry.Number));
    }

    [Fact]
    public async Task A_wish_is_heard_but_not_more_often_than_once_a_minute()
    {
        await StartAsync();
        var fetches = _server.Fetches;

        _lists.Wish();
        await SupplyScene.UntilAsync(() => _clock.ArmedTimers is [var timer] && timer == TimeSpan.FromMinutes(1));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await SupplyScene.UntilAsync(() => _server.Fetches == fetches + 2);
    }

    [Fact]
    public async Task Gives_up_an_answer_that_does_not_come()
    {
        _server.Script = static (_, stop) => new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(stop);
        _lists.Use(Options, isWanted: true);
        await SupplyScene.UntilAsync(() => _clock.ArmedTimers is [var limit] && limit == TimeSpan.FromSeconds(5));

        _clock.Advance(TimeSpan.FromSeconds(5));
        await _lists.FirstFetch;

        Assert.Equal("https://www.gstatic.com: no answer within 5 s", _lists.Status.LastError);
    }

    [Fact]
    public async Task Lists_of_another_address_are_not_asked_any_more()
    {
        await StartAsync();
        _server.Google = null;
        _lists.Use(new SourceAddressOptions { GoogleNetworksUri = new Uri("https://mirror.example/goog.json") }, isWanted: true);

        Assert.Null(_lists.Status.FetchedAt);
        await SupplyScene.UntilAsync(() => _lists.Status.LastError is not null);
        Assert.StartsWith("https://mirror.example: ", _lists.Status.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_fetched_any_more_once_nobody_wants_it_and_after_the_end()
    {
        await StartAsync();
        _lists.Use(Options, isWanted: false);
        await SupplyScene.UntilAsync(() => _clock.ArmedTimers.Count == 0);
        Assert.Null(_lists.Status.FetchedAt);

        await StartAsync();
        var fetches = _server.Fetches;
        await _lists.StopAsync();
        _clock.Advance(TimeSpan.FromDays(3));

        Assert.Equal((0, fetches), (_clock.ArmedTimers.Count, _server.Fetches));
    }

    [Fact]
    public async Task While_nobody_wants_them_there_is_no_fetch_to_wait_for_and_none_to_wish_for()
    {
        _lists.Wish();
        await _lists.StopAsync();

        Assert.Equal((true, 0, "built-in"), (_lists.FirstFetch.IsCompletedSuccessfully, _server.Fetches, _lists.Status.Source));
    }

    private async Task StartAsync()
    {
        _lists.Use(Options, isWanted: true);
        await SupplyScene.UntilAsync(() => _lists.Status.FetchedAt is not null && _clock.ArmedTimers.Count == 1);
    }

    /// <summary>Lets the next fetch come, and waits until it has ended and the loop sleeps again.</summary>
    private async Task<TimeSpan> NextAsync()
    {
        var (sleep, told) = (_clock.ArmedTimers.Single(), _logs.WithId(4131).Count() + _logs.WithId(4132).Count());
        _clock.Advance(sleep);
        await SupplyScene.UntilAsync(() => _logs.WithId(4131).Count() + _logs.WithId(4132).Count() > told && _clock.ArmedTimers.Count == 1);
        return sleep;
    }
}
