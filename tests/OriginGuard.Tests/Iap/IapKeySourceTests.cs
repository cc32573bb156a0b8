using System.Net;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OriginGuard.Iap;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Iap;

public sealed class IapKeySourceTests
{
    [Theory]
    [InlineData("{}", "failed: no JWK set: There is no array \"keys\". Next try")]
    [InlineData("{\"a\":\"-----BEGIN PUBLIC KEY-----\"}", "failed: no JWK set: It has keys in PEM; Google's JWK set is https://www.gstatic.com/iap/verify/public_key-jwk. Next try")]
    [InlineData("{", "failed: no JWK set: ")]
    [InlineData("{\"keys\":[{},{}]}", "failed: no usable key among 2. Next try")]
    public async Task Says_in_a_whole_sentence_what_is_wrong_with_the_document(string document, string said)
    {
        await using var world = new IapWorld();
        world.Keys.AlwaysAnswer(document);
        await world.ApplyAsync();

        var line = world.Logs.WithId(4503).First().Message;
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.DoesNotContain("..", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_of_a_document_that_is_too_long_that_it_is()
    {
        await using var world = new IapWorld();
        world.Keys.AlwaysAnswer(world.Issuer.KeySet + new string(' ', 64 * 1024));
        await world.ApplyAsync();

        Assert.Contains("failed: more than 65536 bytes. Next try", world.Logs.WithId(4503).First().Message, StringComparison.Ordinal);
    }

    /// <summary>A reload, or the first sign-in, that comes while the host stops.</summary>
    [Fact]
    public async Task Once_the_application_has_ended_nobody_begins_to_fetch()
    {
        await using var world = new IapWorld();
        world.Sources.Stop();

        var late = world.Sources.Acquire(world.Options.KeysUri);

        Assert.NotSame(late, world.Sources.Acquire(world.Options.KeysUri)); // one that loads is shared
        await late.DisposeAsync();
        Assert.Equal(0, world.Keys.Fetches);
    }

    /// <summary>A handler of the application's own may throw into whoever cancels, and wait there: neither may keep the application from its end.</summary>
    [Fact]
    public async Task The_end_is_not_held_by_what_a_handler_hangs_on_the_token()
    {
        await using var world = await IapWorld.WithKeysAsync();
        using var release = new ManualResetEventSlim();
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Keys.Script = async (_, cancellationToken) =>
        {
            cancellationToken.Register(static () => throw new InvalidOperationException("not now"));
            cancellationToken.Register(() => release.Wait(TestContext.Current.CancellationToken));
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return world.Keys.Answer();
        };
        world.Time.Advance(world.Time.ArmedTimers[0]);
        await asked.Task;

        world.Sources.Stop();
        Assert.False(release.IsSet);
        release.Set();
        await world.Sources.DisposeAsync();
    }

    /// <summary>A reload may come while the application ends.</summary>
    [Fact]
    public async Task After_the_end_nothing_is_fetched_for_whoever_asks_for_a_source()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var other = new Uri("https://keys.example/other");
        world.Sources.Stop();

        var source = world.Sources.Acquire(other);
        world.Sources.Release(world.Options.KeysUri);
        world.Sources.Release(other);

        // Whoever waits for the first fetch waits to the end, however often the pool has had its turn.
        var waiting = source.FindAfterRefreshAsync("any").AsTask();
        for (var turn = 0; turn < 10_000; turn++)
        {
            await Task.Yield();
        }

        Assert.Equal((false, false, 1), (waiting.IsCompleted, source.HasKeys, world.Keys.Fetches));
        world.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await waiting);
    }

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<string> Outages { get; } = new(
        "status 500", "status 404", "redirect", "empty set", "only foreign keys", "garbage", "nothing", "oversize", "refused connection", "exception", "wrong address");

    [Theory]
    [InlineData("public, max-age=3600", 3240, 3600)]
    [InlineData("max-age=5", 54, 60)]
    [InlineData("max-age=0", 54, 60)]
    [InlineData("no-store", 54, 60)]
    [InlineData("no-cache, max-age=7200", 54, 60)]
    [InlineData("max-age=31536000", 19440, 21600)]
    [InlineData("max-age=99999999999999", 3240, 3600)]
    [InlineData("nonsense", 3240, 3600)]
    [InlineData(null, 3240, 3600)]
    public async Task Refreshes_when_the_answer_grows_stale_within_a_minute_and_six_hours(string? cacheControl, int least, int most)
    {
        await using var world = new IapWorld();
        world.Keys.CacheControl = cacheControl;
        await world.ApplyAsync();

        Assert.InRange(Assert.Single(world.Time.ArmedTimers), least * Second, most * Second);
        await world.SleepOverAsync();
        Assert.Equal(2, world.Keys.Fetches);
    }

    [Fact]
    public async Task Counts_the_time_that_an_answer_spent_in_caches()
    {
        await using var world = new IapWorld();
        world.Keys.Age = TimeSpan.FromSeconds(3000);
        await world.ApplyAsync();

        Assert.InRange(Assert.Single(world.Time.ArmedTimers), 540 * Second, 600 * Second);
    }

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Keeps_the_last_known_good_keys_through_any_outage(string outage)
    {
        await using var world = await IapWorld.WithKeysAsync();
        var key = world.Issuer.KeyId;
        Break(world, outage);

        for (var fetch = 0; fetch < 40; fetch++)
        {
            await world.SleepOverAsync();
            Assert.Equal(RefusalReason.None, await world.ReasonAsync(world.Issuer.Issue(IapWorld.Audience)));
        }

        Assert.Equal(key, world.Issuer.KeyId);
        Assert.Equal(1, world.Verifier.KeyStatus.Count);
        Assert.NotNull(world.Verifier.KeyStatus.LastError);
        string[] warnings = [.. world.Logs.WithId(4502).Where(static entry => entry.Level is LogLevel.Warning).Select(static entry => entry.Message)];
        Assert.Equal(6, warnings.Length); // of 40 failures the first, second, fourth and so on
        Assert.All(warnings, static warning => Assert.Contains("Keeping 1 keys", warning, StringComparison.Ordinal));

        // Who has read the warnings wants to read that it is over, though the keys are the same.
        world.Keys.Script = null;
        await world.SleepOverAsync();
        await world.SleepOverAsync();
        Assert.Equal([LogLevel.Information, LogLevel.Debug], world.Logs.WithId(4501).TakeLast(2).Select(static entry => entry.Level));
    }

    [Fact]
    public async Task Ends_a_start_in_order_that_is_told_to_stop_before_the_keys_have_come()
    {
        await using var world = new IapWorld();
        world.Keys.Hang();
        world.Verifier.Apply(world.Options);
        using var stop = new CancellationTokenSource();
        var start = world.Sources.WaitForFirstLoadAsync(stop.Token);
        Assert.False(start.IsCompleted);

        await stop.CancelAsync();

        await start;
        Assert.Equal(new IapKeyStatus(0, null, null), world.Verifier.KeyStatus);
    }

    [Fact]
    public async Task Ends_its_fetching_with_an_application_that_is_disposed_and_does_not_wait()
    {
        await using var world = await IapWorld.WithKeysAsync();

        ((IDisposable)world.Sources).Dispose();

        await IapWorld.UntilAsync(() => world.Time.ArmedTimers.Count == 0);
        Assert.Equal(1, world.Keys.Fetches);
    }

    [Fact]
    public async Task Makes_the_layer_healthy_while_the_keys_come_degraded_while_old_ones_stay_and_unhealthy_without_any()
    {
        await using var world = new IapWorld();
        var layer = new IapLayer(new OriginGuardOptions { Iap = world.Options }, world.Verifier, Preflights.None, isDevelopment: false);
        world.Keys.AlwaysAnswer("{}");
        await world.ApplyAsync();
        Assert.Equal((HealthStatus.Unhealthy, 0, 0L), Health());
        Assert.Equal("no JWK set: There is no array \"keys\"", layer.Health().Data["iap.lastError"]);

        world.Keys.Script = null;
        await world.SleepOverAsync();
        world.Time.Advance(Second);
        Assert.Equal((HealthStatus.Healthy, 1, 1L), Health());
        Assert.Equal("", layer.Health().Data["iap.lastError"]);

        world.Keys.AlwaysAnswer("{}");
        await world.SleepOverAsync();
        Assert.Equal(HealthStatus.Degraded, Health().Status);
        Assert.StartsWith("The last refresh of the IAP keys failed", layer.Health().Description, StringComparison.Ordinal);

        (HealthStatus Status, object Keys, object Age) Health() => (layer.Health().Status, layer.Health().Data["iap.keys"], layer.Health().Data["iap.ageSeconds"]);
    }

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Cannot_tell_until_the_first_success_and_then_can(string outage)
    {
        await using var world = new IapWorld();
        Break(world, outage);
        await world.ApplyAsync();
        Assert.Equal(RefusalReason.IapKeysUnavailable, await world.ReasonAsync(world.Issuer.Issue(IapWorld.Audience)));
        Assert.Equal(new IapKeyStatus(0, null, world.Verifier.KeyStatus.LastError), world.Verifier.KeyStatus);
        Assert.NotNull(world.Verifier.KeyStatus.LastError);

        world.Keys.Script = null;
        await world.SleepOverAsync();

        Assert.Equal(RefusalReason.None, await world.ReasonAsync(world.Issuer.Issue(IapWorld.Audience)));
        Assert.Equal(new IapKeyStatus(1, TimeSpan.Zero, null), world.Verifier.KeyStatus);
    }

    [Fact]
    public async Task Notices_a_recovered_endpoint_within_twenty_five_seconds_however_long_it_was_down()
    {
        await using var world = new IapWorld();
        world.Keys.AlwaysAnswer("", HttpStatusCode.ServiceUnavailable);
        await world.ApplyAsync();

        // Each sleep, and the five seconds that a hanging try may have lasted before it.
        for (var fetch = 0; fetch < 58; fetch++)
        {
            var sleep = Assert.Single(world.Time.ArmedTimers);
            Assert.InRange(sleep + (5 * Second), TimeSpan.Zero, 25 * Second);
            await world.SleepOverAsync();
        }

        Assert.Equal(6, world.Logs.WithId(4503).Count(entry => entry.Level is LogLevel.Warning));
    }

    [Fact]
    public async Task Gives_a_silent_endpoint_five_seconds()
    {
        await using var world = new IapWorld();
        world.Keys.Hang();
        world.Verifier.Apply(world.Options);
        await IapWorld.UntilAsync(() => world.Keys.Fetches == 1);
        await world.Time.WaitForTimersAsync(1, TestContext.Current.CancellationToken);

        world.Time.Advance(4.999 * Second);
        Assert.Empty(world.Logs.WithId(4503));
        world.Time.Advance(0.001 * Second);
        await world.AsleepAfterAsync(1);

        Assert.Contains("no answer within 5 s", Assert.Single(world.Logs.WithId(4503)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waits_for_the_first_keys_at_the_start_but_not_for_long()
    {
        await using var slow = new IapWorld();
        var release = slow.Keys.Hang();
        slow.Verifier.Apply(slow.Options);
        var start = slow.Sources.WaitForFirstLoadAsync(TestContext.Current.CancellationToken);
        Assert.False(start.IsCompleted);
        release.SetResult();
        await start;
        Assert.Equal(1, slow.Verifier.KeyStatus.Count);

        await using var silent = new IapWorld();
        silent.Keys.Hang();
        silent.Verifier.Apply(silent.Options);
        start = silent.Sources.WaitForFirstLoadAsync(TestContext.Current.CancellationToken);
        silent.Time.Advance(3 * Second);
        await start;
        Assert.Equal(0, silent.Verifier.KeyStatus.Count);
    }

    [Fact]
    public async Task Does_not_let_requests_wait_for_a_first_fetch_that_hangs()
    {
        await using var world = new IapWorld();
        world.Keys.Hang();
        world.Verifier.Apply(world.Options);
        await IapWorld.UntilAsync(() => world.Keys.Fetches == 1);
        var token = world.Issuer.Issue(IapWorld.Audience);

        var early = world.ReasonAsync(token);
        Assert.False(early.IsCompleted);
        world.Time.Advance(2 * Second);
        Assert.Equal(RefusalReason.IapKeysUnavailable, await early);

        foreach (var passed in new[] { TimeSpan.Zero, Second })
        {
            world.Time.Advance(passed);
            var late = world.ReasonAsync(token);
            Assert.True(late.IsCompleted);
            Assert.Equal(RefusalReason.IapKeysUnavailable, await late);
        }
    }

    [Fact]
    public async Task Takes_a_withdrawn_key_out_of_force()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var token = world.Issuer.Issue(IapWorld.Audience);
        world.Issuer.Rotate();
        await world.SleepOverAsync();

        Assert.Equal(RefusalReason.IapUnknownKey, await world.ReasonAsync(token));
    }

    [Fact]
    public async Task Asks_another_address_at_once_and_trusts_the_keys_of_the_old_one_no_longer()
    {
        await using var world = await IapWorld.WithKeysAsync();
        using var other = new IapAssertionIssuer(world.Time);
        world.Keys.Script = (request, _) => Task.FromResult(
            request.RequestUri!.Host == "keys.example" ? world.Keys.Answer(other.KeySet) : world.Keys.Answer());

        world.Verifier.Apply(new IapOptions { Audiences = [IapWorld.Audience], KeysUri = new Uri("https://keys.example/jwk") });

        Assert.Equal(RefusalReason.None, await world.ReasonAsync(other.Issue(IapWorld.Audience)));
        Assert.Equal(RefusalReason.IapUnknownKey, await world.ReasonAsync(world.Issuer.Issue(IapWorld.Audience)));
        await world.AsleepAfterAsync(2);
        await IapWorld.UntilAsync(() => world.Time.ArmedTimers.Count == 1); // the loop of the old address has ended
    }

    [Fact]
    public async Task Shares_the_fetches_of_one_address_among_its_users()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var second = new IapVerifier(world.Sources, world.Time, world.Logs.CreateLogger<IapVerifier>());
        second.Apply(new IapOptions { Audiences = ["/projects/1/apps/second"] });

        Assert.NotNull((await second.VerifyAsync(world.Issuer.Issue("/projects/1/apps/second"))).User);
        Assert.Equal(1, world.Keys.Fetches);

        world.Sources.Release(world.Options.KeysUri);
        await world.SleepOverAsync();
    }

    [Fact]
    public async Task Counts_the_fetches_that_have_ended()
    {
        await using var world = new IapWorld();
        using var metrics = new MetricRecorder(world.Meters);
        await world.ApplyAsync();
        for (var i = 0; i < 2; i++)
        {
            await world.SleepOverAsync();
        }

        world.Keys.AlwaysAnswer("", HttpStatusCode.BadGateway);
        for (var i = 0; i < 3; i++)
        {
            await world.SleepOverAsync();
        }

        world.Keys.AlwaysAnswer("{}");
        await world.SleepOverAsync();

        Assert.Equal(7, metrics.Sum("originguard.iap.keys.refreshes"));
        Assert.Equal(1, metrics.Sum("originguard.iap.keys.refreshes", ("originguard.result", "changed")));
        Assert.Equal(2, metrics.Sum("originguard.iap.keys.refreshes", ("originguard.result", "unchanged")));
        Assert.Equal(3, metrics.Sum("originguard.iap.keys.refreshes", ("originguard.result", "failed"), ("error.type", "fetch")));
        Assert.Equal(1, metrics.Sum("originguard.iap.keys.refreshes", ("originguard.result", "failed"), ("error.type", "document")));
        Assert.All(metrics.Measurements, measurement => Assert.Equal("{refresh}", measurement.Unit));
    }

    [Fact]
    public async Task Shows_how_many_keys_there_are_and_how_old_the_oldest_are()
    {
        await using var world = new IapWorld();
        using var metrics = new MetricRecorder(world.Meters);
        metrics.Observe();
        Assert.Empty(metrics.Measurements); // nobody wants keys

        await world.ApplyAsync();
        world.Time.Advance(7 * Second);
        var other = new IapVerifier(world.Sources, world.Time, world.Logs.CreateLogger<IapVerifier>());
        other.Apply(new IapOptions { Audiences = [IapWorld.Audience], KeysUri = new Uri("https://other.test/keys") });
        await world.AsleepAfterAsync(2);
        metrics.Observe();

        Assert.Equal([("{key}", 2), ("s", 7)], Gauges());

        world.Sources.Release(new Uri("https://nobody.test/keys"));
        world.Sources.Release(world.Options.KeysUri);
        metrics.Observe();
        Assert.Equal([("{key}", 2), ("s", 7), ("{key}", 1), ("s", 0)], Gauges());

        (string?, double)[] Gauges() =>
            [.. metrics.Measurements.Where(static one => one.Instrument is "originguard.iap.keys" or "originguard.iap.keys.age").Select(static one => (one.Unit, one.Value))];
    }

    [Fact]
    public async Task Ends_with_the_application_also_in_the_middle_of_a_fetch()
    {
        var world = new IapWorld();
        world.Keys.Hang();
        world.Verifier.Apply(world.Options);
        await IapWorld.UntilAsync(() => world.Keys.Fetches == 1);

        await world.DisposeAsync();

        Assert.Empty(world.Time.ArmedTimers);
        Assert.Empty(world.Logs.WithId(4504));
    }

    [Fact]
    public async Task Says_so_when_its_loop_ends_unexpectedly()
    {
        using var logs = new LogRecorder();
        using var keys = new ScriptedKeyHandler(() => "{}");
        var time = new ManualTimeProvider();
        await using var source = new IapKeySource(
            new Uri("https://keys.example/"), IapKeySources.NewClient(keys, time), time, logs.CreateLogger("keys"), (_, _) => throw new InvalidOperationException("broken"));
        source.Start();
        await IapWorld.UntilAsync(() => logs.WithId(4504).Any());

        Assert.Equal(LogLevel.Critical, Assert.Single(logs.WithId(4504)).Level);
        Assert.Equal("the refresh loop has ended", source.Status.LastError);
    }

    [Fact]
    public async Task Neutralises_what_an_endpoint_writes_into_the_log()
    {
        await using var world = new IapWorld();
        world.Keys.Script = (_, _) => throw new HttpRequestException("line one\r\nfail: line two \u001b[31m" + new string('x', 5000));
        await world.ApplyAsync();

        var message = Assert.Single(world.Logs.WithId(4503)).Message;
        Assert.DoesNotContain(message, char.IsControl);
        Assert.InRange(message.Length, 1, 500);
    }

    private static void Break(IapWorld world, string outage)
    {
        var keys = world.Keys;
        switch (outage)
        {
            case "status 500":
                keys.AlwaysAnswer(world.Issuer.KeySet, HttpStatusCode.InternalServerError);
                break;
            case "status 404":
                keys.AlwaysAnswer(world.Issuer.KeySet, HttpStatusCode.NotFound);
                break;
            case "redirect":
                keys.AlwaysAnswer(world.Issuer.KeySet, HttpStatusCode.Found);
                break;
            case "empty set":
                keys.AlwaysAnswer(Jwk.Set());
                break;
            case "only foreign keys":
                keys.AlwaysAnswer(Jwk.Set("""{"kty":"RSA","kid":"r"}"""));
                break;
            case "garbage":
                keys.AlwaysAnswer("<!doctype html>");
                break;
            case "nothing":
                keys.AlwaysAnswer("");
                break;
            case "oversize":
                var oversize = world.Issuer.KeySet + new string(' ', 64 * 1024);
                keys.AlwaysAnswer(oversize);
                break;
            case "refused connection":
                keys.Script = (_, _) => throw new HttpRequestException("Connection refused");
                break;
            case "exception":
                keys.Script = (_, _) => throw new InvalidOperationException("a handler of the user's");
                break;
            case "wrong address":
                var elsewhere = new HttpRequestMessage(HttpMethod.Get, "https://elsewhere.example/");
                keys.Script = (_, _) => Task.FromResult(keys.Answer(request: elsewhere));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(outage));
        }
    }
}
