using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OriginGuard.Learning;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using OriginGuard.Tests.Diagnostics;
using OriginGuard.Tests.Iap;
using Xunit;

namespace OriginGuard.Tests.Learning;

/// <summary>What report-only mode learns, and that nobody can teach it nonsense.</summary>
public sealed class LearnModeTests
{
    private const string Another = "/projects/0/apps/another";

    [Fact]
    public async Task Groups_the_peers_and_says_which_of_them_were_vouched_for()
    {
        await using var app = await DiagnosedApp.StartAsync(("Mode", "ReportOnly"));
        await SendAsync(app, "198.51.100.7", GuardedApp.Secret);
        await SendAsync(app, "198.51.100.200", GuardedApp.Secret);
        await SendAsync(app, "::ffff:203.0.113.66", "a-guess-of-somebody-else-000001");
        await SendAsync(app, "2001:db8:1:2::3");

        var learned = (await app.ReadAsync()).GetProperty("learned");

        Assert.Equal((5, 4, 3), (Number(learned, "requests"), Number(learned, "secretHeader"), Number(learned, "secretRight")));
        Assert.Equal(
            [("198.51.100.0/24", false, 2, 2), ("203.0.113.0/24", false, 1, 0), ("2001:db8:1::/48", false, 1, 0), ("34.96.0.0/20", true, 1, 1)],
            learned.GetProperty("networks").EnumerateArray().Select(static seen =>
                (Text(seen, "network"), seen.GetProperty("isInRanges").GetBoolean(), Number(seen, "requests"), Number(seen, "vouchedFor"))));
        Assert.Contains("whoever reaches the origin directly is among them", Text(learned, "notice"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_to_copy_holds_what_is_there_already_and_only_what_was_vouched_for()
    {
        await using var app = await DiagnosedApp.StartAsync(("Mode", "ReportOnly"));
        await SendAsync(app, "198.51.100.7", GuardedApp.Secret, app.Issue(Another));
        await SendAsync(app, "203.0.113.66", assertion: app.Issue("/projects/0/apps/of-a-stranger"));

        var configuration = JsonElement.Parse(Text((await app.ReadAsync()).GetProperty("learned"), "configuration")!).GetProperty("OriginGuard");

        Assert.Equal(["34.96.0.0/20", "34.127.192.0/18", "198.51.100.0/24"], Texts(configuration.GetProperty("SourceAddress").GetProperty("Networks")));
        Assert.Equal([IapWorld.Audience, Another], Texts(configuration.GetProperty("Iap").GetProperty("Audiences")));
        Assert.DoesNotContain("correct-horse", configuration.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copied_into_the_configuration_it_admits_what_it_was_learned_from_and_starts_anew()
    {
        await using var app = await DiagnosedApp.StartAsync(("Mode", "ReportOnly"));
        await SendAsync(app, "198.51.100.7", GuardedApp.Secret, app.Issue(Another));
        var configuration = JsonElement.Parse(Text((await app.ReadAsync()).GetProperty("learned"), "configuration")!).GetProperty("OriginGuard");

        app.App.Reload(
            [("Mode", "Enforce"), .. Settings(configuration, "SourceAddress", "Networks"), .. Settings(configuration, "Iap", "Audiences")]);

        Assert.Equal(200, (await SendAsync(app, "198.51.100.7", GuardedApp.Secret, app.Issue(Another))).Response.StatusCode);
        Assert.Equal(JsonValueKind.Null, (await app.ReadAsync()).GetProperty("learned").ValueKind);
        app.App.Reload(("Mode", "ReportOnly"));
        Assert.Equal(1, Number((await app.ReadAsync()).GetProperty("learned"), "requests"));
    }

    [Fact]
    public async Task Nothing_is_offered_when_nobody_was_vouched_for()
    {
        await using var app = await DiagnosedApp.StartAsync(("Mode", "ReportOnly"));
        await SendAsync(app, "203.0.113.66", "a-guess-of-somebody-else-000001");

        Assert.Null(Text((await app.ReadAsync()).GetProperty("learned"), "configuration"));
    }

    [Fact]
    public async Task An_assertion_whose_signature_or_issuer_is_wrong_teaches_no_audience()
    {
        await using var app = await DiagnosedApp.StartAsync(("Mode", "ReportOnly"));
        await SendAsync(app, "198.51.100.7", GuardedApp.Secret, app.Issue("/projects/0/apps/forged", IapAssertionKind.Signature));
        await SendAsync(app, "198.51.100.7", GuardedApp.Secret, app.Issue("/projects/0/apps/forged", IapAssertionKind.Issuer));

        var audiences = (await app.ReadAsync()).GetProperty("learned").GetProperty("audiences");

        Assert.Equal([IapWorld.Audience], audiences.EnumerateArray().Select(static seen => Text(seen, "audience")));
    }

    [Fact]
    public async Task A_hostile_audience_is_text_in_every_form()
    {
        const string Hostile = "</pre><img src=x onerror=alert(1)>\r\nfail: forged \u001b[31m\u202e";
        await using var app = await DiagnosedApp.StartAsync(("Mode", "ReportOnly"));
        await SendAsync(app, "198.51.100.7", GuardedApp.Secret, app.Issue(Hostile));

        var page = await app.ReadPageAsync();
        app.Advance(TimeSpan.FromMinutes(5));
        await SendAsync(app, "198.51.100.7");

        Assert.Contains("fail: forged", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain(Assert.Single(app.App.Logs.WithId(4014)).Message, char.IsControl);
    }

    [Fact]
    public void Where_nobody_is_known_and_nobody_is_signed_in_there_is_nothing_to_name()
    {
        using var logs = new LogRecorder();
        var clock = new ManualTimeProvider();
        var observations = new Observations(clock, new Logger<Observations>(logs));
        Assert.Null(observations.Read(new OriginGuardOptions()));

        observations.Add(default, this);
        clock.Advance(TimeSpan.FromMinutes(5));
        observations.Add(default, this);

        Assert.Contains("2 requests, 0 with the header of the secret, 0 with a right secret. Networks: none. ", Assert.Single(logs.WithId(4014)).Message, StringComparison.Ordinal);
        Assert.Equal((2, 0, null), (observations.Read(new OriginGuardOptions())!.Requests, observations.Read(new OriginGuardOptions())!.Networks.Count, observations.Read(new OriginGuardOptions())!.Configuration));
    }

    [Fact]
    public async Task The_log_hears_of_it_at_most_every_five_minutes_and_never_from_an_idle_guard()
    {
        await using var app = await DiagnosedApp.StartAsync(("Mode", "ReportOnly"));
        for (var i = 0; i < 50; i++)
        {
            await SendAsync(app, "34.96.1.1", GuardedApp.Secret, app.Issue(IapWorld.Audience));
        }

        app.Advance(TimeSpan.FromMinutes(20));
        Assert.Empty(app.App.Logs.WithId(4014));
        await SendAsync(app, "203.0.113.66", GuardedApp.PreviousSecret);
        await SendAsync(app, "203.0.113.66", GuardedApp.PreviousSecret);

        var line = Assert.Single(app.App.Logs.WithId(4014));
        Assert.Equal(LogLevel.Information, line.Level);
        Assert.Contains("51 requests, 51 with the header of the secret, 50 with a right secret. Networks: 34.96.0.0/20 (in the ranges) 50", line.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("correct-horse", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Learning_keeps_no_timer()
    {
        var clock = new ManualTimeProvider();
        using var logs = new LogRecorder();
        var seen = new Observations(clock, logs.CreateLogger<Observations>());

        seen.Add(new Observation(GuardedApp.Stranger, null, false, false, false, null), clock);

        Assert.Empty(clock.ArmedTimers);
    }

    [Fact]
    public async Task A_flood_from_everywhere_takes_bounded_memory_and_hides_no_busy_and_no_vouched_for_network()
    {
        await using var app = await DiagnosedApp.StartAsync(("Mode", "ReportOnly"));
        var seen = new Observations(app.App.Clock, app.App.Logs.CreateLogger<Observations>());
        var configuration = new object();
        seen.Add(new Observation(IPAddress.Parse("198.51.100.7"), null, true, true, false, Another), configuration);
        for (var i = 0; i < 20_000; i++)
        {
            var peer = i % 10 == 0 ? IPAddress.Parse("192.0.2.9") : new IPAddress([10, (byte)(i >> 8), (byte)i, 1]);
            seen.Add(new Observation(peer, null, false, false, false, $"/projects/{i}/apps/noise{new string('x', 3000)}"), configuration);
        }

        var learned = seen.Read(new OriginGuardOptions())!;

        Assert.Equal((20_001, SeenNetworks.Most), (learned.Requests, learned.Networks.Count));
        Assert.InRange(learned.Audiences.Count, 1, 8);
        Assert.All(learned.Audiences, static audience => Assert.InRange(audience.Audience.Length, 1, 210));
        Assert.Equal("192.0.2.0/24", learned.Networks[0].Network);
        Assert.InRange(learned.Networks[0].Requests, 2000, 2000 + learned.Networks[0].OvercountAtMost);
        Assert.Contains(learned.Networks, static network => network is { Network: "198.51.100.0/24", VouchedFor: 1 });
        Assert.Contains(learned.Audiences, static audience => audience is { Audience: Another, WithRightSecret: 1 });
    }

    [Fact]
    public async Task An_enforcing_guard_learns_nothing_not_even_from_a_mild_layer()
    {
        await using var app = await DiagnosedApp.StartAsync(("SourceAddress:Mode", "ReportOnly"));
        await SendAsync(app, "198.51.100.7", GuardedApp.Secret, app.Issue(IapWorld.Audience));
        app.Advance(TimeSpan.FromMinutes(20));
        await SendAsync(app, "198.51.100.7", GuardedApp.Secret, app.Issue(IapWorld.Audience));

        Assert.Equal(JsonValueKind.Null, (await app.ReadAsync()).GetProperty("learned").ValueKind);
        Assert.Empty(app.App.Logs.WithId(4014));
    }

    private static Task<Microsoft.AspNetCore.Http.HttpContext> SendAsync(DiagnosedApp app, string peer, string? secret = null, string? assertion = null) =>
        app.App.SendAsync(IPAddress.Parse(peer), request =>
        {
            if (secret is not null)
            {
                request.Headers["X-Origin-Guard"] = secret;
            }

            if (assertion is not null)
            {
                request.Headers[IapDefaults.AssertionHeader] = assertion;
            }
        });

    private static IEnumerable<(string, string?)> Settings(JsonElement configuration, string section, string key) =>
        configuration.GetProperty(section).GetProperty(key).EnumerateArray().Select((value, index) => ($"{section}:{key}:{index}", value.GetString()));

    private static IEnumerable<string?> Texts(JsonElement array) => array.EnumerateArray().Select(static text => text.GetString());

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();

    private static int Number(JsonElement element, string member) => element.GetProperty(member).GetInt32();
}
