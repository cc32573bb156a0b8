using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using OriginGuard.Tests.Iap;
using OriginGuard.Tests.Testing;
using OriginGuard.Tool.Field;
using OriginGuard.Tool.Terminal;
using Xunit;

namespace OriginGuard.Tests.Tool;

/// <summary>What <c>originguard probe --through … --report</c> learns from a load balancer that is known, over real sockets.</summary>
public sealed class FieldReportTests
{
    private const string Diagnosis = """
        {"time":"2026-01-01T00:00:00Z","mode":"Enforce","platform":"InternetNeg","arrived":{"protocol":"HTTP/1.1","headerLines":1,"headerOctets":1,"frontEndHeaders":[],
        "secretLines":1,"assertionLines":0,"assertionIssuedAt":null,"forwardedForEntries":0,"testHeaders":[]},"sharedSecret":null}
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<SimulatedLoadBalancerOptions, string, string, string, string> Kinds => new()
    {
        { new() { Kind = LoadBalancerKind.Global }, "HTTP/1.1", "a capital at the start and after each hyphen", "yes, as X_originguard_probe_low", "two lines arrive" },
        { new() { Kind = LoadBalancerKind.Global, Spelling = HeaderSpelling.LowerCase, MergeUnknownHeaders = true }, "HTTP/1.1", "in lower case", "yes, as x_originguard_probe_low", "they arrive as one line, with 1 octet between them" },
        { new() { Kind = LoadBalancerKind.Regional }, "HTTP/1.1", "in lower case", "yes, as x_originguard_probe_low", "two lines arrive" },

        // The simulated one speaks HTTP/2 through HttpClient, which joins lines.
        { new() { Kind = LoadBalancerKind.Global, Protocol = BackendProtocol.Http2 }, "HTTP/2", "in lower case", "yes, as x_originguard_probe_low", "they arrive as one line, with 2 octets between them" },
    };

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public async Task Each_load_balancer_is_described_as_it_is(SimulatedLoadBalancerOptions options, string protocol, string spelling, string underscore, string repeated)
    {
        await using var origin = await OriginAsync(options.Protocol is BackendProtocol.Http2 ? HttpProtocols.Http2 : HttpProtocols.Http1);
        await using var front = await FrontAsync(origin, options);

        var answers = Answers(await ProbeAsync(origin, front));

        Assert.Equal(protocol, answers["protocol"]);
        Assert.Equal(spelling, answers["names.case"]);
        Assert.Equal(underscore, answers["names.underscore"]);
        Assert.Equal(repeated, answers["lines.repeated"]);
        Assert.Equal("3 entries arrive, and 2 without it", answers["forwarded-for"]);
        Assert.Equal("the wrong one does not arrive: 1 line with the secret does", answers["secret.sent"]);
        Assert.Equal("the wrong one does not arrive: 1 line with the secret does", answers["secret.case"]);
        Assert.Equal("the wrong one arrives, and the request is not admitted (403)", answers["secret.underscore"]);
        Assert.Contains("x-forwarded-for", answers["names.added"], StringComparison.OrdinalIgnoreCase);
        Assert.Equal("no assertion was checked", answers["assertion.reused"]);
    }

    [Theory]
    [InlineData("X-Origin-Guard", 403)]
    [InlineData("X-Called-Otherwise", 404)]
    public async Task A_load_balancer_that_hands_the_client_s_secret_on_is_found_out(string header, int status)
    {
        await using var origin = await OriginAsync(more: [("SharedSecret:HeaderName", header), ("Rejection:StatusCode", $"{status}")]);
        await using var front = await FrontAsync(origin, new SimulatedLoadBalancerOptions { CustomRequestHeaders = [new CustomRequestHeader(header, GuardedApp.Secret, replace: false)] });

        Assert.Equal($"the wrong one arrives, and the request is not admitted ({status})", Answers(await ProbeAsync(origin, front))["secret.sent"]);
    }

    /// <summary>Cloud Armor answers 403 or 429, IAP 401, a proxy 400, each before the origin has seen anything.</summary>
    [Theory]
    [InlineData(400, null, "not known: 400")]
    [InlineData(401, null, "not known: 401: IAP or the application wants another token (--token-file)")]
    [InlineData(403, null, "not known: 403: refused, and not by the guard: by the load balancer, IAP or the application")]
    [InlineData(403, """{"type":"about:blank","title":"Forbidden","status":403,"detail":"Blocked by policy."}""", "not known: 403: refused, and not by the guard: by the load balancer, IAP or the application")]
    [InlineData(403, """{"type":"about:blank","title":"Forbidden","status":403}""", "the wrong one arrives, and the request is not admitted (403)")]
    public async Task A_refusal_of_somebody_in_front_says_nothing_of_what_arrives(int status, string? problem, string said)
    {
        var secrets = Diagnosis.Replace("\"sharedSecret\":null", "\"sharedSecret\":{\"headerName\":\"X-Origin-Guard\",\"since\":\"2026-01-01T00:00:00Z\",\"rotation\":null,\"rotationStep\":null,\"slots\":[]}", StringComparison.Ordinal);
        await using var front = await KestrelOrigin.StartAsync(context =>
        {
            if (!context.Request.Headers.Any(static header => header.Value == "wrong" || header.Key.Contains("Assertion", StringComparison.OrdinalIgnoreCase)))
            {
                return context.Response.WriteAsync(secrets);
            }

            context.Response.StatusCode = status;
            context.Response.ContentType = problem is null ? "text/html" : "application/problem+json";
            context.Response.Headers.CacheControl = "no-store";
            return context.Response.WriteAsync(problem ?? "<html>");
        });

        var answers = Answers(await ToolRun.StartAsync("probe", $"{front.Address}", "--json", "--through", $"{front.Address}"));

        Assert.All((string[])["secret.sent", "secret.case", "secret.underscore"], question => Assert.Equal(said, answers[question]));
        Assert.Equal(said.Replace("the wrong one arrives", "it arrives", StringComparison.Ordinal), answers["assertion.sent"]);
    }

    [Fact]
    public async Task An_origin_that_only_reports_says_through_its_diagnostics_that_it_did_not_admit()
    {
        await using var origin = await OriginAsync(more: ("Mode", "ReportOnly"));
        await using var front = await FrontAsync(origin, new SimulatedLoadBalancerOptions());

        Assert.Equal("the wrong one arrives, and the request is not admitted (403)", Answers(await ProbeAsync(origin, front))["secret.underscore"]);
    }

    [Fact]
    public async Task An_origin_that_checks_no_secret_is_not_asked_about_one()
    {
        await using var origin = await OriginAsync(more: ("SharedSecret:Mode", "Disabled"));
        await using var front = await FrontAsync(origin, new SimulatedLoadBalancerOptions());

        Assert.DoesNotContain(Answers(await ProbeAsync(origin, front)).Keys, static question => question.StartsWith("secret.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, 1, "yes, with requests that are ")]
    [InlineData(true, 0, "not known: the two requests were less than 2 s apart")]
    [InlineData(false, 1, "no: each has its own time")]
    public async Task Whether_an_assertion_is_used_twice_is_seen_by_its_time(bool reused, int secondsEach, string says)
    {
        var clock = new ManualTimeProvider();
        using var issuer = new IapAssertionIssuer(clock);
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, Stop);
        await using var origin = await OriginAsync(clock: clock, more: [("Iap:Audiences:0", IapWorld.Audience), ("Iap:KeysUri", $"{keys.Uri}")]);
        string? first = null;
        await using var front = await FrontAsync(origin, new SimulatedLoadBalancerOptions
        {
            IapAssertion = _ =>
            {
                clock.Advance(TimeSpan.FromSeconds(secondsEach));
                var fresh = issuer.Issue(IapWorld.Audience);
                return reused ? first ??= fresh : fresh;
            },
        });

        var answers = Answers(await ProbeAsync(origin, front));

        Assert.StartsWith(says, answers["assertion.reused"], StringComparison.Ordinal);
        Assert.Equal("1 line arrives, and 1 without it", answers["assertion.sent"]);
    }

    [Theory]
    [InlineData(96, LoadBalancerKind.Global, "58 KiB arrive; 60 KiB: ")]
    [InlineData(96, LoadBalancerKind.Classic, "62 KiB arrive; 64 KiB: ")]
    [InlineData(61, LoadBalancerKind.Classic, "60 KiB arrive; 62 KiB: ")]
    [InlineData(57, LoadBalancerKind.Classic, "56 KiB arrive; 58 KiB: ")]
    [InlineData(32, LoadBalancerKind.Global, "30 KiB arrive; 36 KiB: ")]
    public async Task The_largest_headers_that_arrive_are_found(int kibibytes, LoadBalancerKind kind, string says)
    {
        await using var origin = await OriginAsync(limit: kibibytes * 1024);
        await using var front = await FrontAsync(origin, new SimulatedLoadBalancerOptions { Kind = kind });

        Assert.Equal($"{says}431: more headers than the load balancer or the origin takes", Answers(await ProbeAsync(origin, front))["headers.largest"]);
    }

    [Theory]
    [InlineData("missing/report.json", "its folder does not exist.")]
    [InlineData("", "it is a directory; name a file in it.")]
    public async Task A_report_that_cannot_be_written_costs_no_request(string name, string says)
    {
        using var folder = new TemporaryFolder();
        var requests = 0;
        await using var origin = await KestrelOrigin.StartAsync(_ =>
        {
            requests++;
            return Task.CompletedTask;
        });

        var run = await ToolRun.StartAsync("probe", $"{origin.Address}", "--through", $"{origin.Address}", "--report", Path.Combine(folder.Path, name));

        Assert.Equal((2, "", 0), (run.Code, run.Output, requests));
        Assert.Contains($"--report cannot be written: {says}", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task A_report_that_cannot_be_written_after_all_does_not_hide_an_open_origin(bool isGuarded, int code)
    {
        using var folder = new TemporaryFolder();
        await using var open = await KestrelOrigin.StartAsync(static _ => Task.CompletedTask);
        await using var origin = await OriginAsync();
        await using var front = await FrontAsync(origin, new SimulatedLoadBalancerOptions());
        var path = Path.Combine(folder.Path, new string('r', 300)); // longer than a name can be

        var run = await ToolRun.StartAsync("probe", $"{(isGuarded ? origin.Address : open.Address)}", "--through", $"{front.Address}_originguard", "--report", path);

        Assert.Equal(code, run.Code);
        Assert.StartsWith(isGuarded ? "good: " : "BAD: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("--report cannot be written: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_holds_the_answers_and_nothing_that_tells_whose_they_are()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "report.json");
        await using var origin = await OriginAsync();
        await using var front = await FrontAsync(origin, new SimulatedLoadBalancerOptions());

        var run = await ToolRun.StartAsync("probe", $"{origin.Address}", "--through", $"{front.Address}_originguard", "--report", path);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("  names.case       How is the name of an unknown header spelled?\n                   a capital", run.Output, StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(path, Stop);
        var report = JsonElement.Parse(text);
        Assert.Equal(["protocol", "names.added", "names.case", "names.underscore", "lines.repeated", "forwarded-for", "secret.sent", "secret.case", "secret.underscore", "assertion.sent", "headers.largest", "assertion.reused"],
            report.GetProperty("through").EnumerateArray().Select(static answer => answer.GetProperty("question").GetString()));
        Assert.Equal(["refused", "refused", "refused"], report.GetProperty("around").EnumerateArray().Select(static attempt => attempt.GetProperty("verdict").GetString()));
        Assert.StartsWith("please fill in", report.GetProperty("loadBalancer").GetString(), StringComparison.Ordinal);
        Assert.All([GuardedApp.Secret, "X-Origin-Guard", "127.0.0", "localhost", $"{front.Address.Port}", $"{origin.Address.Port}", "203.0.113"], secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_token_for_IAP_goes_along_and_nowhere_else()
    {
        using var folder = new TemporaryFolder();
        var token = Path.Combine(folder.Path, "token");
        var report = Path.Combine(folder.Path, "report.json");
        await File.WriteAllTextAsync(token, "Bearer the.token\n", Stop);
        var seen = 0;
        await using var origin = await OriginAsync(before: app => app.Use((context, next) =>
        {
            seen += context.Request.Headers.Authorization == "Bearer the.token" ? 1 : 0;
            return next(context);
        }));
        await using var front = await FrontAsync(origin, new SimulatedLoadBalancerOptions());

        var run = await ProbeAsync(origin, front, "--token-file", token, "--report", report);

        Assert.Equal(0, run.Code);
        Assert.Equal(1 + 8 + 9 + 1, seen); // plain, questions, sizes up to 58 KiB, plain again
        Assert.DoesNotContain("the.token", run.Output + await File.ReadAllTextAsync(report, Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diagnostics_that_do_not_answer_are_an_error_and_leave_the_file_of_last_time_alone()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "report.json");
        await File.WriteAllTextAsync(path, "last time", Stop);
        await using var origin = await OriginAsync();

        var run = await ToolRun.StartAsync("probe", $"{origin.Address}", "--through", $"{origin.Address}_originguard", "--report", path);

        Assert.Equal(2, run.Code);
        Assert.StartsWith("good: refused around the load balancer", run.Output, StringComparison.Ordinal);
        Assert.Contains("403: not admitted by the guard", run.Error, StringComparison.Ordinal);
        Assert.Equal("last time", await File.ReadAllTextAsync(path, Stop));
    }

    [Theory]
    [InlineData(200, "{}", "not the guard's diagnostics")]
    [InlineData(200, "<html>", "not the guard's diagnostics")]
    [InlineData(200, """{"time":"2026-01-01T00:00:00Z","mode":"Enforce","platform":"Generic","arrived":{"protocol":"HTTP/1.1"}}""", "not the guard's diagnostics")]
    [InlineData(302, Diagnosis, "IAP may want a sign-in")]
    [InlineData(500, Diagnosis, "arrived: 500.")]
    [InlineData(401, "", "another token")]
    [InlineData(404, "", "not mapped")]
    [InlineData(500, "", "500")]
    public async Task What_is_no_diagnosis_is_named(int status, string body, string says)
    {
        await using var other = await KestrelOrigin.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path == "/followed" ? 200 : status;
            context.Response.Headers.Location = "/followed";
            return context.Response.WriteAsync(body);
        });

        var run = await ToolRun.StartAsync("probe", "http://127.0.0.1:1", "--through", $"{other.Address}");

        Assert.Equal(2, run.Code);
        Assert.StartsWith("good: nothing answers around the load balancer", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"\Aoriginguard: [ -~]+\n\z", run.Error);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_origin_that_is_open_is_said_to_be_although_its_diagnostics_do_not_answer()
    {
        await using var open = await KestrelOrigin.StartAsync(static context => context.Response.WriteAsync("inside"));

        var run = await ToolRun.StartAsync("probe", $"{open.Address}", "--through", $"{open.Address}_originguard", "--json");

        Assert.Equal(1, run.Code);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal("answered", json.RootElement.GetProperty("verdict").GetString());
        Assert.Contains("not the guard's diagnostics", json.RootElement.GetProperty("through").GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains("not the guard's diagnostics", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_cannot_be_read_costs_no_probe()
    {
        var asked = 0;
        await using var origin = await KestrelOrigin.StartAsync(_ =>
        {
            Interlocked.Increment(ref asked);
            return Task.CompletedTask;
        });

        var run = await ToolRun.StartAsync("probe", $"{origin.Address}", "--through", $"{origin.Address}", "--token-file", "/nonexistent/token");

        run.HasFailed();
        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task Diagnostics_that_lie_cannot_speak_to_the_terminal()
    {
        var body = """{"time":"2026-01-01T00:00:00Z","mode":"\u001b[2J","platform":"x","arrived":{"protocol":"\u001b]0;owned\u0007","headerLines":1,"headerOctets":1,"frontEndHeaders":["\u009b2J"],"secretLines":-1,"assertionLines":2000000000,"assertionIssuedAt":null,"forwardedForEntries":0,"testHeaders":[{"name":"X-OriginGuard-Probe-Case\u202e","lines":1,"octets":1},{"name":"X-OriginGuard-Probe-CaSe","lines":2,"octets":-5}]},"sharedSecret":null}""";
        await using var other = await KestrelOrigin.StartAsync(context => context.Response.WriteAsync(body));

        var run = await ToolRun.StartAsync("probe", $"{other.Address}", "--through", $"{other.Address}");

        Assert.Equal((1, ""), (run.Code, run.Error));
        Assert.DoesNotContain(run.Output, static sign => sign is (< ' ' and not '\n') or > '~');
    }

    [Theory]
    [InlineData("[]", "it does not arrive", "it does not arrive")]
    [InlineData("""[{"name":"X-ORIGINGUARD-PROBE-CASE","lines":1,"octets":1},{"name":"X-OriginGuard-Probe-Twice","lines":1,"octets":1}]""", "as X-ORIGINGUARD-PROBE-CASE", "one of them arrives")]
    [InlineData("""[{"name":"X-OriginGuard-Probe-CaSe","lines":1,"octets":1},{"name":"X-OriginGuard-Probe-Twice","lines":3,"octets":3}]""", "as it was sent", "3 lines arrive")]
    public async Task What_becomes_of_a_header_is_said_as_the_origin_saw_it(string testHeaders, string spelling, string repeated)
    {
        await using var other = await KestrelOrigin.StartAsync(context => context.Response.WriteAsync(Diagnosis.Replace("\"testHeaders\":[]", $"\"testHeaders\":{testHeaders}", StringComparison.Ordinal)));

        var answers = Answers(await ToolRun.StartAsync("probe", $"{other.Address}", "--json", "--through", $"{other.Address}"));

        Assert.Equal((spelling, repeated), (answers["names.case"], answers["lines.repeated"]));
    }

    [Theory]
    [InlineData(500, "not known: 500", "0 KiB arrive; 8 KiB: 500")]
    [InlineData(null, "not known: no answer (", "0 KiB arrive; 8 KiB: no answer (")]
    public async Task A_question_that_gets_no_answer_is_not_known(int? status, string said, string largest)
    {
        var asked = 0;
        await using var other = await KestrelOrigin.StartAsync(context =>
        {
            // Directly three times and with large headers, and then by way of the load balancer: the first of these.
            if (!context.Request.Headers.Accept.Contains("application/json") || asked++ == 0)
            {
                return context.Response.WriteAsync(Diagnosis);
            }

            context.Response.StatusCode = status ?? 200;
            if (status is null)
            {
                context.Abort();
            }

            return Task.CompletedTask;
        });

        var answers = Answers(await ToolRun.StartAsync("probe", $"{other.Address}", "--json", "--through", $"{other.Address}"));

        Assert.Equal("HTTP/1.1", answers["protocol"]);
        Assert.All((string[])["names.case", "names.underscore", "forwarded-for", "assertion.sent", "assertion.reused"], question => Assert.StartsWith(said, answers[question], StringComparison.Ordinal));
        Assert.StartsWith(largest, answers["headers.largest"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_origin_without_a_load_balancer_takes_what_its_server_takes()
    {
        await using var origin = await OriginAsync(more: [("SourceAddress:Networks:1", "127.0.0.1/32"), ("SharedSecret:Mode", "Disabled")]);

        var answers = Answers(await ToolRun.StartAsync("probe", $"{origin.Address}", "--json", "--through", $"{origin.Address}_originguard"));

        Assert.Equal(("as it was sent", "two lines arrive", "72 KiB and more"), (answers["names.case"], answers["lines.repeated"], answers["headers.largest"]));
    }

    [Fact]
    public async Task A_load_balancer_that_says_nothing_is_waited_for_as_long_as_one_attempt_has()
    {
        var time = new ManualTimeProvider();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var door = new FrontDoor(new Uri($"http://{listener.LocalEndpoint}/"), null, TimeSpan.FromSeconds(7), new ToolContext { Output = TextWriter.Null, Error = TextWriter.Null, Time = time });
        var passing = door.SendAsync([], Stop);
        using var connection = await listener.AcceptSocketAsync(Stop);

        time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal(new Passage(null, null, "no answer within 7 s"), await passing);
    }

    [Fact]
    public async Task Lines_are_put_where_the_mark_is_and_all_else_passes_as_it_is()
    {
        await using var wire = new MemoryStream();
        await using var lines = Lines(wire);

        await lines.WriteAsync("GET / HTTP/1.1\r\nX-Lines-Here: 1\r\nHost: a\r\n\r\n"u8.ToArray(), Stop);
        await lines.WriteAsync("a body, and later X-Lines-Here: 2"u8.ToArray(), Stop);
        await lines.FlushAsync(Stop);

        wire.Position = 0;
        var read = new byte[1024];
        var length = await lines.ReadAsync(read, Stop);
        Assert.Equal("GET / HTTP/1.1\r\nx-A: 1\r\nx-A: 2\r\nHost: a\r\n\r\na body, and later X-Lines-Here: 2", Encoding.ASCII.GetString(read, 0, length));
    }

    [Fact]
    public void Whoever_writes_and_reads_at_once_gets_the_same()
    {
        using var wire = new MemoryStream();
        using var lines = Lines(wire);
        Assert.Equal((true, true, false), (lines.CanRead, lines.CanWrite, lines.CanSeek));

        lines.Write("GET / HTTP/1.1\r\nX-Lines-Here: 1\r\n\r\n"u8);
        lines.Flush();

        wire.Position = 0;
        var read = new byte[1024];
        Assert.Equal("GET / HTTP/1.1\r\nx-A: 1\r\nx-A: 2\r\n\r\n", Encoding.ASCII.GetString(read, 0, lines.Read(read, 0, read.Length)));
        Assert.All((Action[])[() => _ = lines.Length, () => _ = lines.Position, () => lines.Position = 0, () => lines.Seek(0, SeekOrigin.Begin), () => lines.SetLength(0)], static act => Assert.Throws<NotSupportedException>(act));
    }

    [Theory]
    [InlineData("--report and --token-file need --through", "--report", "r.json")]
    [InlineData("--report and --token-file need --through", "--token-file", "t")]
    [InlineData("--through needs an https or http address", "--through", "app.example")]
    [InlineData("--through needs an https or http address", "--through", "https://user@app.example/")]
    [InlineData("needs --through with https", "--through", "http://app.example/", "--token-file", "t")]
    [InlineData("the token cannot be read", "--through", "http://127.0.0.1:1/", "--token-file", "/nonexistent/token")]
    public async Task A_mistake_on_the_command_line_is_named(string says, params string[] more)
    {
        var run = await ToolRun.StartAsync(["probe", "http://127.0.0.1:1", .. more]);

        run.HasFailed();
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    private static RawLines Lines(Stream wire) => new(wire, [new HeaderLine("x-A", "1"), new HeaderLine("x-A", "2")]);

    private static Task<GuardedOrigin> OriginAsync(
        HttpProtocols protocols = HttpProtocols.Http1, int limit = 96 * 1024, ManualTimeProvider? clock = null, Action<WebApplication>? before = null, params (string Key, string? Value)[] more) =>
        GuardedOrigin.StartAsync(
            GuardedApp.Settings([("SourceAddress:Networks:0", "127.0.0.2/32"), .. more]),
            options =>
            {
                options.Limits.MaxRequestHeadersTotalSize = limit;
                options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols);
            },
            app =>
            {
                before?.Invoke(app);
                app.UseOriginGuard();
                app.MapOriginGuardDiagnostics();
            },
            services => services.AddSingleton(clock ?? TimeProvider.System));

    private static Task<SimulatedLoadBalancer> FrontAsync(GuardedOrigin origin, SimulatedLoadBalancerOptions options)
    {
        options.Origin = origin.Address;
        options.CustomRequestHeaders = options.CustomRequestHeaders.Count > 0 ? options.CustomRequestHeaders : [new CustomRequestHeader("X-Origin-Guard", GuardedApp.Secret)];
        return SimulatedLoadBalancer.StartAsync(options, Stop);
    }

    private static Task<ToolRun> ProbeAsync(GuardedOrigin origin, SimulatedLoadBalancer front, params string[] more) =>
        ToolRun.StartAsync(["probe", $"{origin.Address}", "--json", "--through", $"{front.Address}_originguard", .. more]);

    private static Dictionary<string, string> Answers(ToolRun run)
    {
        Assert.Equal("", run.Error);
        return JsonElement.Parse(run.Output).GetProperty("through").EnumerateArray().ToDictionary(
            static answer => answer.GetProperty("question").GetString()!, static answer => answer.GetProperty("answer").GetString()!);
    }
}
