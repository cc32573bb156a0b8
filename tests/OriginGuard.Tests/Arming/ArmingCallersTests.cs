using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Arming;
using OriginGuard.TestKit;
using OriginGuard.Tests.Connections;
using OriginGuard.Tests.Diagnostics;
using OriginGuard.Tests.Iap;
using Xunit;

namespace OriginGuard.Tests.Arming;

/// <summary>Who somebody is, and how the account comes about in the pipeline.</summary>
public sealed class ArmingCallersTests
{
    private static readonly IPAddress Outside = IPAddress.Parse("198.51.100.7");

    [Theory]
    [InlineData("GoogleHC/1.0", "A health check of Google, or somebody behind a load balancer of Google who calls himself one (GoogleHC)", "Exempt the path that your health check calls.")]
    [InlineData("kube-probe/1.31", "A load balancer of Google without a right secret", "Put the custom request header on every backend service")]
    public async Task A_health_check_that_shares_the_networks_of_the_load_balancer_is_called_one(string agent, string who, string remedy)
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(("Platform", "GoogleCloudBackend"), ("SourceAddress:Networks:0", "35.191.0.0/16")), pipeline: Routed);
        await SendAsync(app, IPAddress.Parse("35.191.7.7"), "/orders/17", null, agent);

        var caller = Assert.Single(Report(app).Breaks);

        Assert.Equal((nameof(CallerKind.GoogleWithoutSecret), who), (caller.Kind, caller.Who));
        Assert.StartsWith(remedy, caller.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("34.96.1.1", null, null, nameof(CallerKind.GoogleWithoutSecret), "secret.missing", "34.96.0.0/20")]
    [InlineData("34.96.1.1", "a-guess-of-somebody-else-000001", null, nameof(CallerKind.GoogleWithoutSecret), "secret.mismatch", "34.96.0.0/20")]
    [InlineData("198.51.100.7", GuardedApp.Secret, null, nameof(CallerKind.KnowsSecret), "address.outside_ranges", "198.51.100.0/24")]
    [InlineData("35.191.7.7", null, "GoogleHC/1.0", nameof(CallerKind.GoogleElsewhere), "address.outside_ranges,secret.missing", "35.191.7.0/24")]
    [InlineData("10.1.2.3", null, "kube-probe/1.31", nameof(CallerKind.OwnNetwork), "address.outside_ranges,secret.missing", "10.1.2.0/24")]
    [InlineData("169.254.1.1", null, null, nameof(CallerKind.OwnNetwork), "address.outside_ranges,secret.missing", "169.254.1.0/24")]
    [InlineData("127.0.0.1", null, null, nameof(CallerKind.ThisMachine), "address.outside_ranges,secret.missing", "this machine")]
    [InlineData("::1", null, null, nameof(CallerKind.ThisMachine), "address.outside_ranges,secret.missing", "this machine")]
    [InlineData(null, null, null, nameof(CallerKind.ThisMachine), "address.unknown,secret.missing", "this machine")]
    [InlineData("203.0.113.9", null, "Mozilla/5.0+(compatible; uptimerobot/2.0; http://www.uptimerobot.com/)", nameof(CallerKind.NamedAgent), "address.outside_ranges,secret.missing", "203.0.113.0/24")]
    public async Task Everybody_who_may_belong_here_is_named_in_every_mode(string? peer, string? secret, string? agent, string kind, string reasons, string network)
    {
        foreach (var mode in new[] { "ReportOnly", "Enforce" })
        {
            await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(("Mode", mode)), pipeline: Routed);
            await SendAsync(app, peer is null ? null : IPAddress.Parse(peer), "/orders/17?token=x", secret, agent);

            var caller = Assert.Single(Report(app).Breaks);

            Assert.Equal((kind, reasons, network, "/orders/{id}"), (caller.Kind, string.Join(',', caller.Reasons), Assert.Single(caller.Networks), Assert.Single(caller.Routes)));
            Assert.Equal(mode == "Enforce" ? (0, 1) : (1, 0), (caller.Reported, caller.Refused));
        }
    }

    /// <summary>With its socket an address is gone: neither somebody of this machine nor a thief of the secret, but nobody whom an exemption could help.</summary>
    [Theory]
    [InlineData("Enforce", false, 0)]
    [InlineData("ReportOnly", false, 0)]
    [InlineData("Enforce", true, 1)]
    [InlineData("ReportOnly", true, 1)]
    public async Task A_caller_who_has_hung_up_is_nobody(string mode, bool isThere, int expected)
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(("Mode", mode)), pipeline: Routed);

        var unanswered = await Record.ExceptionAsync(() => app.SendAsync(null, request =>
        {
            request.Path = "/orders/17";
            request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
            request.HttpContext.RequestAborted = new CancellationToken(canceled: !isThere);
        }));

        Assert.Equal(expected, Report(app).Breaks.Count);
        Assert.True(unanswered is null || (!isThere && unanswered is OperationCanceledException), $"{unanswered}");
    }

    /// <summary>Behind a platform that holds every connection an exemption for its network would be one for everybody.</summary>
    [Theory]
    [InlineData("169.254.1.1", "exempt nothing for this network")]
    [InlineData("fe80::1", "exempt nothing for this network")]
    [InlineData("10.1.2.3", "exempt the path it calls for its network")]
    public async Task Only_a_network_of_machines_is_worth_an_exemption(string peer, string remedy)
    {
        await using var world = new ArmingWorld();

        world.Meet(CallerKind.OwnNetwork, peer, "/orders/{id}", RefusalReason.SecretMissing);

        Assert.Contains(remedy, Assert.Single(world.Report.Breaks).Remedy, StringComparison.Ordinal);
    }

    /// <summary>Anybody may write what nobody can read, also through a proxy on this machine: it must not hold the verdict. A check of the proxy's own writes nothing.</summary>
    [Theory]
    [InlineData("127.0.0.1", "unknown", 0, 1)]
    [InlineData("127.0.0.1", "198.51.100.7", 0, 1)]
    [InlineData("198.51.100.7", "unknown", 0, 1)]
    [InlineData("198.51.100.7", null, 0, 1)]
    [InlineData("127.0.0.1", null, 1, 0)]
    public async Task Who_hides_in_what_was_forwarded_is_a_stranger(string connection, string? forwarded, int breaks, int strangers)
    {
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Settings(("SourceAddress:From", "ForwardedFor"), ("SourceAddress:ForwardedForPosition", "2")), pipeline: Routed);
        await app.SendAsync(IPAddress.Parse(connection), request =>
        {
            request.Path = "/orders/17";
            if (forwarded is not null)
            {
                request.Headers["X-Forwarded-For"] = forwarded;
            }
        });

        var report = Report(app);

        Assert.Equal((breaks, strangers), (report.Breaks.Count, report.Strangers.Requests));
    }

    [Fact]
    public async Task A_client_of_the_load_balancer_does_not_name_the_load_balancer()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: Routed);
        await SendAsync(app, GuardedApp.LoadBalancer, "/orders/17", agent: "UptimeRobot/2.0");

        Assert.Null(Assert.Single(Account(app).Read().Callers).Agent);
    }

    [Fact]
    public async Task Traffic_of_an_internet_NEG_to_an_origin_of_another_platform_is_known()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(("SourceAddress:Networks:0", "192.0.2.0/24"), ("SourceAddress:Networks:1", "192.0.2.0/25")), pipeline: Routed);
        await SendAsync(app, GuardedApp.LoadBalancer, "/orders/17");

        Assert.Equal(nameof(CallerKind.GoogleElsewhere), Assert.Single(Report(app).Breaks).Kind);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("curl/8.5.0")]
    [InlineData("")]
    public async Task A_stranger_is_counted_and_named_nowhere(string? agent)
    {
        using var ended = new SemaphoreSlim(0);
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(("Mode", "ReportOnly")), pipeline: Telling(ended, Routed));
        foreach (var path in new[] { "/orders/17", "/nowhere" })
        {
            await SendAsync(app, Outside, path, null, agent);
            await ended.WaitAsync(TestContext.Current.CancellationToken);
        }

        var report = Report(app);

        Assert.Equal((2, 0), (report.Strangers.Requests, report.Strangers.Steady.Count));
        Assert.Empty(report.Breaks);
        Assert.Equal("/orders/{id}", Assert.Single(Account(app).Read().Callers).Route);
    }

    [Fact]
    public async Task A_guard_in_front_of_routing_learns_the_route_when_the_application_has_answered()
    {
        using var ended = new SemaphoreSlim(0);
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(("Mode", "ReportOnly")), pipeline: Telling(ended, static app =>
        {
            app.UseOriginGuard();
            app.UseRouting();
            app.MapGet("/orders/{id}", static () => "inside");
            app.MapGet("/fails", static string () => throw new InvalidOperationException("planted"));
        }));
        await SendAsync(app, GuardedApp.LoadBalancer, "/orders/17");
        await ended.WaitAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync(app, GuardedApp.LoadBalancer, "/fails"));
        await ended.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["/fails", "/orders/{id}"], Assert.Single(Report(app).Breaks).Routes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_layer_that_only_reports_is_accounted_for_beside_one_that_refuses()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(("SharedSecret:Mode", "ReportOnly")), pipeline: Routed);
        await SendAsync(app, GuardedApp.LoadBalancer, "/orders/17");
        await SendAsync(app, IPAddress.Parse("10.1.2.3"), "/orders/17");
        await SendAsync(app, GuardedApp.LoadBalancer, "/orders/17", GuardedApp.Secret);

        var report = Report(app);

        Assert.False(report.IsArmed);
        Assert.Equal(1, report.Admitted);
        Assert.Equal([(1, 0), (0, 1)], report.Breaks.OrderByDescending(static caller => caller.Reported).Select(static caller => ((int)caller.Reported, (int)caller.Refused)));
    }

    [Fact]
    public async Task An_exempt_request_and_a_disabled_guard_account_for_nobody()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(("Exemptions:0:Path", "/orders/17")), pipeline: Routed);
        await SendAsync(app, GuardedApp.LoadBalancer, "/orders/17");
        app.Reload(("Mode", "Disabled"));
        await SendAsync(app, GuardedApp.LoadBalancer, "/");

        Assert.Empty(Report(app).Breaks);
    }

    /// <summary>A guard that refuses looks into no assertion of who is refused anyway.</summary>
    [Theory]
    [InlineData("ReportOnly", "198.51.100.7", IapWorld.Audience, nameof(CallerKind.SignedIn), "add the addresses of a regional one's Cloud NAT")]
    [InlineData("ReportOnly", "35.191.7.7", IapWorld.Audience, nameof(CallerKind.GoogleElsewhere), "Correct Platform")]
    [InlineData("ReportOnly", "198.51.100.7", "/projects/1/global/backendServices/2", null, null)]
    [InlineData("ReportOnly", "198.51.100.7", IapWorld.Audience, null, null, "Disabled")]
    [InlineData("Enforce", "198.51.100.7", IapWorld.Audience, null, null)]
    public async Task Whom_IAP_has_signed_in_is_no_stranger(string mode, string peer, string audience, string? kind, string? remedy, string address = "Enforce")
    {
        await using var app = await DiagnosedApp.StartAsync(("Mode", mode), ("SourceAddress:Mode", address));

        await app.App.SendAsync(IPAddress.Parse(peer), request => request.Headers[IapDefaults.AssertionHeader] = app.Issue(audience));

        var report = Report(app.App);
        Assert.Equal(kind is null ? (0, 1L) : (1, 0L), (report.Breaks.Count, report.Strangers.Requests));
        Assert.All(report.Breaks, caller =>
        {
            Assert.Equal((kind, "address.outside_ranges,secret.missing"), (caller.Kind, string.Join(',', caller.Reasons)));
            Assert.Contains(remedy!, caller.Remedy, StringComparison.Ordinal);
        });
    }

    /// <summary>Exempt as a request: but enforced, its connection is closed before anybody sees what it asks for.</summary>
    [Theory]
    [InlineData("127.8.1.1", null, "ReportOnly", 1)]
    [InlineData("127.9.1.1", null, "ReportOnly", 0)]
    [InlineData("127.8.1.1", "127.8.0.0/16", "ReportOnly", 0)]
    [InlineData("127.9.1.1", null, "Enforce", 0)]
    public async Task A_connection_guard_that_only_reports_tells_of_who_is_exempt_and_would_not_get_so_far(string peer, string? exempt, string mode, int breaks)
    {
        await using var listener = await GuardedListener.StartAsync(
            static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.UseOriginGuard()),
            static app =>
            {
                app.UseOriginGuard();
                app.MapGet("/healthz", static () => "alive").AllowDirectAccess();
            },
            null,
            ("Mode", mode),
            ("Exemptions:0:Path", exempt is null ? null : "/elsewhere"),
            ("Exemptions:0:Networks:0", exempt));
        using var client = await listener.ConnectAsync(IPAddress.Parse(peer));

        Assert.Contains("alive", await client.AskAsync("/healthz"), StringComparison.Ordinal);

        Assert.Equal(breaks, listener.Arming.Breaks.Count);
        Assert.All(listener.Arming.Breaks, static caller => Assert.Equal(
            (nameof(CallerKind.ThisMachine), "address.outside_ranges", "/healthz"), (caller.Kind, string.Join(',', caller.Reasons), Assert.Single(caller.Routes))));
    }

    [Fact]
    public async Task A_flood_of_strangers_is_counted_whole_and_looked_at_in_part()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: Routed);
        for (var i = 0; i < 250; i++)
        {
            await SendAsync(app, Outside, "/orders/17");
        }

        var state = Account(app).Read();

        Assert.Equal(250, state.Strangers);
        Assert.Equal(200, Assert.Single(state.Callers).Refused);
    }

    [Fact]
    public async Task The_page_and_JSON_show_it_and_take_no_route_for_markup()
    {
        await using var app = await DiagnosedApp.StartAsync(null, static app =>
        {
            DiagnosedApp.UsualPipeline(app);
            app.MapGet("/<b>{id}", static () => "inside");
        });
        await SendAsync(app.App, GuardedApp.LoadBalancer, "/<b>1");

        var page = await app.ReadPageAsync();
        var arming = (await app.ReadAsync()).GetProperty("arming");

        Assert.Contains("Who is locked out: <span class=\"verdict\" data-verdict=\"refused\">breaks</span>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;{id}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.Equal(("breaks", true), (arming.GetProperty("verdict").GetString(), arming.GetProperty("isArmed").GetBoolean()));
        Assert.Equal("/<b>{id}", arming.GetProperty("breaks")[0].GetProperty("routes")[0].GetString());
        Assert.Equal(JsonValueKind.Null, arming.GetProperty("readySince").ValueKind);
    }

    [Fact]
    public async Task Two_requests_through_the_whole_application_reach_the_file_by_its_end()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "ranges.txt");
        await using (var app = await GuardedApp.StartAsync(GuardedApp.Settings(("Mode", "ReportOnly"), ("SourceAddress:SnapshotPath", path)), pipeline: Routed))
        {
            await SendAsync(app, GuardedApp.LoadBalancer, "/orders/17");
            await SendAsync(app, GuardedApp.LoadBalancer, "/orders/18", GuardedApp.Secret);
            await app.StopAsync();
        }

        var kept = ArmingText.Parse(await File.ReadAllTextAsync($"{path}.arming.json", TestContext.Current.CancellationToken));
        Assert.Equal((1, 1), (kept.Admitted, kept.Callers.Count));

        await using var next = await GuardedApp.StartAsync(GuardedApp.Settings(("SourceAddress:SnapshotPath", path)), pipeline: Routed);
        Assert.Equal(1, Assert.Single(Report(next).Breaks).Reported);
        await next.StopAsync();
    }

    /// <summary>A pipeline that tells when it has ended: the client has its answer before that.</summary>
    private static Action<WebApplication> Telling(SemaphoreSlim ended, Action<WebApplication> pipeline) => app =>
    {
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            finally
            {
                ended.Release();
            }
        });
        pipeline(app);
    };

    private static void Routed(WebApplication app)
    {
        app.UseRouting();
        app.UseOriginGuard();
        app.MapGet("/orders/{id}", static () => "inside");
    }

    private static Task<HttpContext> SendAsync(GuardedApp app, IPAddress? peer, string target, string? secret = null, string? agent = null) => app.SendAsync(peer, request =>
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        request.Path = query < 0 ? target : target[..query];
        request.QueryString = query < 0 ? default : new QueryString(target[query..]);
        request.Headers["X-Origin-Guard"] = secret;
        request.Headers.UserAgent = agent;
    });

    private static ArmingAccount Account(GuardedApp app) => app.Services.GetRequiredService<ArmingAccount>();

    private static ArmingReport Report(GuardedApp app) => ArmingReport.Of(Account(app).Read());
}
