using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OriginGuard.Startup;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Guard;

public sealed class OriginGuardMiddlewareTests
{
    public static TheoryData<string, string?, string[], string> Refusals => new()
    {
        { "a stranger without a secret", "203.0.113.66", [], "address.outside_ranges" },
        { "a stranger who knows the secret", "203.0.113.66", [GuardedApp.Secret], "address.outside_ranges" },
        { "an IPv6 stranger", "2001:db8::1", [GuardedApp.Secret], "address.outside_ranges" },
        { "just below the range", "34.95.255.255", [GuardedApp.Secret], "address.outside_ranges" },
        { "just above the range", "34.96.16.0", [GuardedApp.Secret], "address.outside_ranges" },
        { "no peer address at all", null, [GuardedApp.Secret], "address.unknown" },
        { "a foreign load balancer", "34.96.1.1", [], "secret.missing" },
        { "an empty secret", "34.96.1.1", [""], "secret.missing" },
        { "a blank secret", "34.96.1.1", ["   "], "secret.missing" },
        { "a wrong secret", "34.96.1.1", ["correct-horse-battery-staple-0002"], "secret.mismatch" },
        { "the secret in another case", "34.96.1.1", ["CORRECT-HORSE-BATTERY-STAPLE-0001"], "secret.mismatch" },
        { "the secret cut short", "34.96.1.1", ["correct-horse-battery-staple-000"], "secret.mismatch" },
        { "the secret with more behind it", "34.96.1.1", ["correct-horse-battery-staple-00011"], "secret.mismatch" },
        { "the secret with a letter beyond ASCII", "34.96.1.1", ["correct-horse-battery-staple-000\u0131"], "secret.mismatch" },
        { "a secret of a megabyte", "34.96.1.1", [new string('a', 1 << 20)], "secret.mismatch" },
        { "the right secret twice", "34.96.1.1", [GuardedApp.Secret, GuardedApp.Secret], "secret.multiple" },
        { "a wrong and a right secret", "34.96.1.1", ["wrong", GuardedApp.Secret], "secret.multiple" },
        { "two joined by a comma", "34.96.1.1", [$"{GuardedApp.Secret},{GuardedApp.Secret}"], "secret.multiple" },
        { "a comma behind the secret", "34.96.1.1", [$"{GuardedApp.Secret},"], "secret.multiple" },
    };

    public static TheoryData<string, string, string> Admissions => new()
    {
        { "the first range", "34.96.0.0", GuardedApp.Secret },
        { "the end of the first range", "34.96.15.255", GuardedApp.Secret },
        { "the second range", "34.127.192.0", GuardedApp.Secret },
        { "the mapped form that a dual-stack socket reports", "::ffff:34.96.1.1", GuardedApp.Secret },
        { "blanks around the secret", "34.96.1.1", $" {GuardedApp.Secret}\t" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Refuses(string what, string? peer, string[] secrets, string reason)
    {
        await using var app = await GuardedApp.StartAsync(("Rejection:IncludeReason", "true"));

        var context = await app.SendAsync(peer is null ? null : IPAddress.Parse(peer), request => request.Headers["X-Origin-Guard"] = secrets);

        Assert.Equal((what, 403), (what, context.Response.StatusCode));
        Assert.Equal(reason, (await ProblemOf(context)).GetProperty("reason").GetString());
        Assert.Equal(1, app.Metrics.Sum("originguard.requests", ("originguard.verdict", "refused"), ("originguard.reason", reason), ("originguard.mode", "enforce")));
    }

    [Theory]
    [MemberData(nameof(Admissions))]
    public async Task Admits(string what, string peer, string secret)
    {
        await using var app = await GuardedApp.StartAsync();

        var context = await app.SendAsync(IPAddress.Parse(peer), request => request.Headers["x-ORIGIN-guard"] = secret);

        Assert.Equal((what, 200), (what, context.Response.StatusCode));
        Assert.Equal(1, app.Metrics.Sum("originguard.requests", ("originguard.verdict", "admitted"), ("originguard.mode", "enforce")));
        Assert.Equal(1, app.Metrics.Sum("originguard.shared_secret.matches", ("originguard.slot", 0)));
    }

    [Fact]
    public async Task Answers_a_refusal_with_problem_details_that_name_no_reason()
    {
        await using var app = await GuardedApp.StartAsync();

        var context = await app.SendAsync(GuardedApp.Stranger);

        var problem = await ProblemOf(context);
        Assert.Equal("application/problem+json", context.Response.ContentType);
        Assert.Equal("no-store", context.Response.Headers.CacheControl);
        Assert.Equal("Forbidden", problem.GetProperty("title").GetString());
        Assert.Equal(403, problem.GetProperty("status").GetInt32());
        Assert.False(problem.TryGetProperty("reason", out _));
    }

    [Fact]
    public async Task Names_the_reason_in_development()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), environment: "Development");

        var context = await app.SendAsync(GuardedApp.Stranger);

        Assert.Equal("address.outside_ranges", (await ProblemOf(context)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Answers_head_without_a_body()
    {
        await using var app = await GuardedApp.StartAsync();

        var context = await app.SendAsync(GuardedApp.Stranger, request => request.Method = HttpMethods.Head);

        Assert.Equal(403, context.Response.StatusCode);
        Assert.Equal("", await BodyOf(context));
    }

    [Fact]
    public async Task Answers_503_and_when_to_come_back_while_it_cannot_tell()
    {
        await using var app = await GuardedApp.StartAsync(new Dictionary<string, string?>
        {
            ["OriginGuard:SourceAddress:RecordNames:0"] = "ranges.example",
            ["OriginGuard:Dns:Servers:0"] = "127.0.0.1:1",
            ["OriginGuard:Dns:Attempts"] = "1",
            ["OriginGuard:Rejection:IncludeReason"] = "true",
        });

        var context = await app.SendAsync(GuardedApp.LoadBalancer);

        Assert.Equal(503, context.Response.StatusCode);
        Assert.True(int.Parse(context.Response.Headers.RetryAfter.ToString()) > 0);
        Assert.Equal("address.ranges_unavailable", (await ProblemOf(context)).GetProperty("reason").GetString());
        Assert.Equal(1, app.Metrics.Sum("originguard.requests", ("originguard.verdict", "undetermined")));
    }

    [Fact]
    public async Task The_application_never_sees_the_secret()
    {
        var seen = new List<string>();
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: app =>
        {
            app.UseOriginGuard();
            app.Run(context =>
            {
                seen.AddRange(context.Request.Headers.SelectMany(header => header.Value.Append(header.Key)).OfType<string>());
                return Task.CompletedTask;
            });
        });

        await app.SendAsync(GuardedApp.LoadBalancer, request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);

        Assert.NotEmpty(seen);
        Assert.DoesNotContain(GuardedApp.Secret, seen);
        Assert.DoesNotContain("X-Origin-Guard", seen, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Neither_logs_nor_metrics_hold_the_secret_or_a_guess()
    {
        await using var app = await GuardedApp.StartAsync();

        await app.SendAsync(GuardedApp.LoadBalancer, request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);
        await app.SendAsync(GuardedApp.LoadBalancer, request => request.Headers["X-Origin-Guard"] = "a-guess-that-nobody-should-read");

        Assert.DoesNotContain(app.Logs.Entries, entry => entry.Message.Contains("correct-horse", StringComparison.Ordinal) || entry.Message.Contains("a-guess", StringComparison.Ordinal));
        Assert.DoesNotContain(app.Metrics.Measurements, measurement => measurement.Tags.Values.Any(
            value => $"{value}".Contains("correct-horse", StringComparison.Ordinal) || $"{value}".Contains("a-guess", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("X_Origin_Guard")]
    [InlineData("x-origin_guard")]
    [InlineData("X_ORIGIN-GUARD")]
    [InlineData("X.Origin.Guard")]
    [InlineData("x_origin.guard")]
    public async Task Refuses_a_look_alike_of_the_secret_header(string name)
    {
        await using var app = await GuardedApp.StartAsync(("Rejection:IncludeReason", "true"));

        var context = await app.SendAsync(GuardedApp.LoadBalancer, request =>
        {
            request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
            request.Headers[name] = "anything";
        });

        Assert.Equal("headers.smuggled", (await ProblemOf(context)).GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("X-Origin-Guard")]
    [InlineData("foo, x-origin-guard ,bar")]
    public async Task Refuses_a_request_whose_connection_header_names_the_secret_header(string connection)
    {
        await using var app = await GuardedApp.StartAsync(("Rejection:IncludeReason", "true"));

        var context = await app.SendAsync(GuardedApp.LoadBalancer, request =>
        {
            request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
            request.Headers.Connection = connection;
        });

        Assert.Equal("headers.smuggled", (await ProblemOf(context)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_look_alike_is_only_reported_where_the_layer_of_its_header_only_reports()
    {
        await using var app = await GuardedApp.StartAsync(("SharedSecret:Mode", "ReportOnly"));

        var context = await app.SendAsync(GuardedApp.LoadBalancer, request => request.Headers["X_Origin_Guard"] = "anything");

        Assert.Equal(200, context.Response.StatusCode);
        Assert.Equal(1, app.Metrics.Sum("originguard.requests", ("originguard.reason", "headers.smuggled"), ("originguard.mode", "report_only")));
    }

    [Theory]
    [InlineData("SharedSecret:Mode", "ReportOnly", 2)]
    [InlineData("SharedSecret:Mode", "Disabled", 0)]
    [InlineData("Mode", "ReportOnly", 2)]
    [InlineData("Mode", "Disabled", 0)]
    public async Task The_application_never_sees_a_look_alike_either_but_while_the_layer_only_watches(string key, string mode, int lookAlikes)
    {
        string[]? seen = null;
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings((key, mode)), pipeline: app =>
        {
            app.UseOriginGuard();
            app.Run(context =>
            {
                seen = [.. context.Request.Headers.Keys];
                return Task.CompletedTask;
            });
        });

        await app.SendAsync(GuardedApp.LoadBalancer, request => (request.Headers["X_Origin_Guard"], request.Headers["X-Origin_Guard"]) = (GuardedApp.Secret, "guess"));

        Assert.Equal(lookAlikes, Assert.IsType<string[]>(seen).Count(name => name.StartsWith('X')));
    }

    [Fact]
    public async Task Two_look_alikes_are_each_judged_as_their_own_layer()
    {
        await using var app = await GuardedApp.StartAsync(
            ("Platform", "CloudRun"), ("SharedSecret:Mode", "ReportOnly"), ("SourceAddress:Networks:0", "34.96.0.0/20"));

        var secret = await app.SendAsync(GuardedApp.Stranger, request =>
            (request.Headers["X-Forwarded-For"], request.Headers["X_Origin_Guard"]) = ("203.0.113.9, 34.96.1.1", "anything"));
        var address = await app.SendAsync(GuardedApp.Stranger, request =>
            (request.Headers["X-Forwarded-For"], request.Headers["X_Forwarded_For"], request.Headers["X_Origin_Guard"]) = ("203.0.113.9, 34.96.1.1", "34.96.1.1", "anything"));

        Assert.Equal((200, 403), (secret.Response.StatusCode, address.Response.StatusCode));
    }

    [Fact]
    public async Task Report_only_lets_all_pass_and_says_what_it_would_have_refused()
    {
        IOriginGuardFeature? feature = null;
        OriginVerdict verdict = default;
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(("Mode", "ReportOnly")), pipeline: app =>
        {
            app.UseOriginGuard();
            app.Run(context =>
            {
                feature = context.Features.Get<IOriginGuardFeature>();
                verdict = feature!.Verdict;
                return context.Response.WriteAsync("inside");
            });
        });

        var context = await app.SendAsync(GuardedApp.Stranger, request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);

        Assert.Equal(200, context.Response.StatusCode);
        Assert.Equal(OriginOutcome.Refused, verdict.Outcome);
        Assert.Equal(RefusalReason.AddressOutsideRanges, verdict.Reason);
        Assert.Equal(1, app.Metrics.Sum("originguard.requests", ("originguard.verdict", "refused"), ("originguard.mode", "report_only")));
        Assert.Equal(1, app.Metrics.Sum("originguard.stale_ranges.suspected"));
        Assert.Null(feature!.ClientAddress);
    }

    [Fact]
    public async Task A_layer_in_report_only_does_not_refuse_and_the_next_one_does()
    {
        await using var app = await GuardedApp.StartAsync(("SourceAddress:Mode", "ReportOnly"), ("Rejection:IncludeReason", "true"));

        var right = await app.SendAsync(GuardedApp.Stranger, request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);
        var wrong = await app.SendAsync(GuardedApp.Stranger);

        Assert.Equal(200, right.Response.StatusCode);
        Assert.Equal("secret.missing", (await ProblemOf(wrong)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_right_secret_from_an_unknown_address_is_the_first_sign_of_stale_ranges()
    {
        await using var app = await GuardedApp.StartAsync();

        await app.SendAsync(GuardedApp.Stranger, request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);
        await app.SendAsync(GuardedApp.Stranger, request => request.Headers["X-Origin-Guard"] = "wrong-wrong-wrong-wrong");
        await app.SendAsync(GuardedApp.Stranger);

        Assert.Equal(1, app.Metrics.Sum("originguard.stale_ranges.suspected"));
        Assert.Equal(3, app.Metrics.Sum("originguard.requests", ("originguard.verdict", "refused")));
    }

    [Fact]
    public async Task Behind_a_refused_address_no_assertion_is_read_and_no_key_is_fetched()
    {
        using var issuer = new IapAssertionIssuer(new ManualTimeProvider());
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, TestContext.Current.CancellationToken);
        await using var app = await GuardedApp.StartAsync(("SharedSecret:Mode", "Disabled"), ("Iap:Audiences:0", "/projects/1/apps/x"), ("Iap:KeysUri", $"{keys.Uri}"));
        app.Clock.Advance(TimeSpan.FromMinutes(1)); // a key that nobody knows would be asked for at once
        var fetches = keys.FetchCount;
        using var stranger = new IapAssertionIssuer(new ManualTimeProvider());

        foreach (var assertion in new[] { stranger.Issue("/projects/1/apps/x"), issuer.Issue("/projects/1/apps/x"), "not a token" })
        {
            var refused = await app.SendAsync(GuardedApp.Stranger, request => request.Headers[IapDefaults.AssertionHeader] = assertion);
            Assert.Equal(403, refused.Response.StatusCode);
        }

        Assert.Equal(fetches, keys.FetchCount);
        Assert.Equal(0, app.Metrics.Sum("originguard.stale_ranges.suspected"));
        Assert.Equal(3, app.Metrics.Sum("originguard.requests", ("originguard.reason", "address.outside_ranges")));
        Assert.DoesNotContain(app.Logs.Entries, static entry => entry.Id.Id is >= 4510 and < 4520);
    }

    [Fact]
    public async Task A_disabled_guard_lets_all_pass_and_still_takes_the_secret_off()
    {
        var hadSecret = false;
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(("Mode", "Disabled")), pipeline: app =>
        {
            app.UseOriginGuard();
            app.Run(context =>
            {
                hadSecret = context.Request.Headers.ContainsKey("X-Origin-Guard");
                return Task.CompletedTask;
            });
        });

        var context = await app.SendAsync(GuardedApp.Stranger, request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);

        Assert.Equal(200, context.Response.StatusCode);
        Assert.False(hadSecret);
        Assert.Contains(app.Logs.WithId(4004), entry => entry.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task A_second_guard_in_the_pipeline_does_not_refuse_what_the_first_admitted()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: app =>
        {
            app.UseOriginGuard();
            app.UseOriginGuard();
            app.Run(context => context.Response.WriteAsync("inside"));
        });

        var admitted = await app.SendAsync(GuardedApp.LoadBalancer, request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);
        var refused = await app.SendAsync(GuardedApp.Stranger);

        Assert.Equal((200, 403), (admitted.Response.StatusCode, refused.Response.StatusCode));
        Assert.Equal(1, app.Metrics.Sum("originguard.requests", ("originguard.verdict", "admitted")));
    }

    [Fact]
    public async Task An_error_page_of_an_admitted_request_is_not_refused()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: app =>
        {
            app.UseExceptionHandler("/error");
            app.UseOriginGuard();
            app.Map("/error", branch => branch.Run(context => context.Response.WriteAsync("sorry")));
            app.Run(_ => throw new InvalidOperationException("on purpose"));
        });

        var context = await app.SendAsync(GuardedApp.LoadBalancer, request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);

        Assert.Equal(500, context.Response.StatusCode);
        Assert.Equal("sorry", await BodyOf(context));
    }

    /// <summary>The exemption is one of the path that was asked for, and not of the page that stands in for its answer.</summary>
    [Theory]
    [InlineData("Path", "/not-found", 403)]
    [InlineData("Endpoint", "/not-found", 403)]
    [InlineData("Path", "/sorry", 403)] // an entry of Exemptions is a path as it was sent
    [InlineData("Path", "/open", 404)]
    [InlineData("Endpoint", "/open", 404)]
    public async Task An_error_page_of_an_exempt_request_is_judged_by_its_own_path(string exemption, string page, int status)
    {
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Settings(("Exemptions:0:Path", "/sorry"), ("Exemptions:1:Path", exemption is "Path" ? "/healthz" : "/other")),
            pipeline: app =>
            {
                app.UseStatusCodePagesWithReExecute(page);
                app.UseRouting();
                app.UseOriginGuard();
                app.UseOriginGuard();
                var health = app.MapGet("/healthz", static () => Results.NotFound());
                _ = exemption is "Endpoint" ? health.AllowDirectAccess() : health;
                app.MapGet("/open", static () => "the start page").AllowDirectAccess();
                app.MapFallback(static context => context.Response.WriteAsync("the start page"));
            });

        var context = await app.SendAsync(GuardedApp.Stranger, static request =>
            (request.Path, request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) = ("/healthz", "/healthz"));

        Assert.Equal(status, context.Response.StatusCode);
        Assert.Equal(status is 404, await BodyOf(context) is "the start page");
    }

    [Fact]
    public async Task A_response_that_has_begun_is_cut_off()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: app =>
        {
            app.Use(async (context, next) =>
            {
                await context.Response.WriteAsync("too early");
                await next(context);
            });
            app.UseOriginGuard();
            app.Run(context => context.Response.WriteAsync("inside"));
        });

        var body = "";
        await Assert.ThrowsAnyAsync<Exception>(async () => body = await BodyOf(await app.SendAsync(GuardedApp.Stranger)));

        Assert.DoesNotContain("inside", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drops_the_connection_of_a_refused_request_when_told_to()
    {
        await using var app = await GuardedApp.StartAsync(("Rejection:Abort", "true"));

        await Assert.ThrowsAnyAsync<Exception>(() => app.SendAsync(GuardedApp.Stranger));

        Assert.Equal(1, app.Metrics.Sum("originguard.requests", ("originguard.verdict", "refused")));
    }

    [Fact]
    public async Task An_exempt_endpoint_answers_a_stranger_and_only_it()
    {
        await using var app = await GuardedApp.StartAsync();

        var exempt = await app.SendAsync(GuardedApp.Stranger, request => request.Path = "/healthz");
        var other = await app.SendAsync(GuardedApp.Stranger, request => request.Path = "/healthz/more");

        Assert.Equal((200, 403), (exempt.Response.StatusCode, other.Response.StatusCode));
        Assert.Equal(1, app.Metrics.Sum("originguard.requests", ("originguard.verdict", "exempted")));
    }

    [Fact]
    public void Without_AddOriginGuard_the_start_names_the_missing_call()
    {
        using var app = WebApplication.CreateSlimBuilder().Build();

        var failure = Assert.Throws<InvalidOperationException>(() => app.UseOriginGuard());

        Assert.Contains("AddOriginGuard", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adding_the_guard_twice_is_harmless()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), services => services.AddOriginGuard());

        var context = await app.SendAsync(GuardedApp.LoadBalancer, request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);

        Assert.Equal(200, context.Response.StatusCode);
        Assert.Single(app.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>(), service => service is OriginGuardHostedService);
    }

    private static async Task<JsonElement> ProblemOf(HttpContext context) => JsonDocument.Parse(await BodyOf(context)).RootElement;

    private static async Task<string> BodyOf(HttpContext context)
    {
        using var reader = new StreamReader(context.Response.Body);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
