using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using OriginGuard.TestKit;
using OriginGuard.Tests.Iap;
using OriginGuard.Tests.Testing;
using OriginGuard.Tool.Probe;
using OriginGuard.Tool.Terminal;
using Xunit;

namespace OriginGuard.Tests.Tool;

public sealed class ProbeCommandTests
{
    [Theory]
    [InlineData]
    [InlineData("OriginGuard:Rejection:StatusCode", "404")]
    [InlineData("OriginGuard:Rejection:Abort", "true")]
    public async Task The_guard_s_refusal_is_good(params string[] setting)
    {
        var settings = GuardedApp.Settings();
        if (setting is [var key, var value])
        {
            settings[key] = value;
        }

        await using var origin = await GuardedOrigin.StartAsync(settings);

        var run = await ToolRun.StartAsync("probe", origin.Address.ToString());

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.StartsWith("good: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("X-Origin-Guard with a wrong secret", run.Output, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-For: 34.96.0.0", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_with_a_reference_is_the_guard_s_too()
    {
        await using var origin = await GuardedOrigin.StartAsync(GuardedApp.Settings(("Rejection:ReferenceKey", "a-key-of-thirty-two-random-bytes-0001")));

        Assert.Equal(0, (await ProbeAsync(origin.Address)).Code);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(32, false)]
    public async Task Headers_that_the_load_balancer_passes_and_the_server_does_not_take_are_found(int kibibytes, bool kept)
    {
        await using var origin = await GuardedOrigin.StartAsync(GuardedApp.Settings(), options =>
        {
            options.Listen(IPAddress.Loopback, 0);
            options.Limits.MaxRequestHeadersTotalSize = kibibytes * 1024;
        });

        var run = await ProbeAsync(origin.Address);

        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal((0, kept), (run.Code, Rule(json, "request headers").GetProperty("kept").GetBoolean()));
    }

    /// <summary>Over HTTP/2 Kestrel has a limit for one header of its own, which is none for all of them together.</summary>
    [Fact]
    public async Task Headers_that_the_server_takes_over_HTTP_2_are_not_found()
    {
        using var certificate = new LoopbackCertificate();
        await using var origin = await GuardedOrigin.StartAsync(GuardedApp.Settings(), options =>
        {
            options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate.Certificate));
            options.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
        });

        var run = await ProbeAsync(origin.Address);

        using var json = JsonDocument.Parse(run.Output);
        Assert.True(Rule(json, "request headers").GetProperty("kept").GetBoolean(), run.Output);
    }

    [Theory]
    [InlineData("HTTP/1.1 403 Forbidden\r\nContent-Length: 700\r\n\r\n", 130, false, "closed after 130 s")]
    [InlineData("HTTP/1.1 403 Forbidden\r\n\r\n", 601, true, "open after 600 s")]
    [InlineData("HTTP/1.1 403 Forbidden\r\n\r\n", 605, true, "open after 600 s")]
    [InlineData("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n", 0, false, "closed after each answer")]
    [InlineData("HTTP/1.1 403 Forb", 0, false, "closed after each answer")]
    [InlineData("", 10, null, "no answer to begin with")]
    public async Task A_connection_that_is_closed_before_the_load_balancer_lets_go_of_it_is_found(string head, int seconds, bool? kept, string says)
    {
        var time = new ManualTimeProvider();
        using var listener = new TcpListener(kept is true ? IPAddress.IPv6Loopback : IPAddress.Loopback, 0);
        listener.Start();
        var running = ToolRun.StartAsync(
            ["probe", $"http://{listener.LocalEndpoint}", "--idle", "--json"], (output, error) => new ToolContext { Output = output, Error = error, Time = time });

        // Three attempts, and one with large headers.
        for (var attempt = 0; attempt < 4; attempt++)
        {
            using var connection = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
            await connection.SendAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            await ReadToTheEndAsync(connection);
        }

        using var idle = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        Assert.Equal($"HEAD / HTTP/1.1\r\nHost: {listener.LocalEndpoint}\r\n\r\n", await ReadOnceAsync(idle));
        await idle.SendAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        if (seconds > 0)
        {
            // The limit of one attempt, and then that of the waiting.
            var limit = TimeSpan.FromSeconds(head.Length == 0 ? 10 : 605);
            await IapWorld.UntilAsync(() => time.ArmedTimers.Contains(limit));
            time.Advance(TimeSpan.FromSeconds(seconds));
        }

        idle.Dispose();

        using var json = JsonDocument.Parse((await running).Output);
        var rule = Rule(json, "idle connection");
        Assert.Equal(kept, rule.GetProperty("kept").ValueKind is JsonValueKind.Null ? null : rule.GetProperty("kept").GetBoolean());
        Assert.Contains(says, rule.GetProperty("explanation").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_may_say_goodbye_or_reset_the_connection(bool isReset)
    {
        var time = new ManualTimeProvider();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var looking = new IdleConnection(SettingsOf($"http://{listener.LocalEndpoint}"), (IPEndPoint)listener.LocalEndpoint, Context(time)).LookAsync(TestContext.Current.CancellationToken);
        using var idle = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await ReadOnceAsync(idle);
        await idle.SendAsync("HTTP/1.1 403 Forbidden\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await IapWorld.UntilAsync(() => time.ArmedTimers.Contains(TimeSpan.FromSeconds(605)));
        time.Advance(TimeSpan.FromSeconds(130));
        if (isReset)
        {
            idle.LingerState = new LingerOption(true, 0);
        }
        else
        {
            await idle.SendAsync("HTTP/1.1 408 Request Timeout\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        idle.Dispose();

        Assert.Equal(((bool?)false, true), ((await looking).IsKept, (await looking).Explanation.StartsWith("closed after 130 s", StringComparison.Ordinal)));
    }

    /// <summary>RFC 9110, section 7.2.</summary>
    [Theory]
    [InlineData("http://[2001:db8::1]:8080/a?b", "HEAD /a?b HTTP/1.1\r\nHost: [2001:db8::1]:8080\r\n\r\n")]
    [InlineData("http://[2001:db8::1]/", "HEAD / HTTP/1.1\r\nHost: [2001:db8::1]\r\n\r\n")]
    [InlineData("http://origin.example/", "HEAD / HTTP/1.1\r\nHost: origin.example\r\n\r\n")]
    [InlineData("http://192.0.2.1:81/", "HEAD / HTTP/1.1\r\nHost: 192.0.2.1:81\r\n\r\n")]
    public async Task An_idle_connection_begins_with_a_question_to_the_host_of_the_URL(string address, string question)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var looking = new IdleConnection(SettingsOf(address), (IPEndPoint)listener.LocalEndpoint, Context(new ManualTimeProvider())).LookAsync(TestContext.Current.CancellationToken);
        using (var asked = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken))
        {
            var (octets, read) = (new byte[1024], 0);
            while (!octets.AsSpan(0, read).EndsWith("\r\n\r\n"u8))
            {
                var more = await asked.ReceiveAsync(octets.AsMemory(read), TestContext.Current.CancellationToken);
                Assert.NotEqual(0, more);
                read += more;
            }

            Assert.Equal(question, Encoding.ASCII.GetString(octets, 0, read));
        }

        Assert.False((await looking).IsKept);
    }

    [Fact]
    public async Task An_idle_connection_over_TLS_is_waited_for_too()
    {
        var time = new ManualTimeProvider();
        using var certificate = new LoopbackCertificate();
        await using var origin = await KestrelOrigin.StartAsync(_ => Task.CompletedTask, certificate: certificate.Certificate);
        var target = new IPEndPoint(IPAddress.Loopback, origin.Address.Port);
        var looking = new IdleConnection(SettingsOf($"{origin.Address}"), target, Context(time)).LookAsync(TestContext.Current.CancellationToken);
        await IapWorld.UntilAsync(() => time.ArmedTimers.Contains(TimeSpan.FromSeconds(605)));
        time.Advance(TimeSpan.FromSeconds(605));
        Assert.Equal(((bool?)true, "open after 600 s"), ((await looking).IsKept, (await looking).Explanation));

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var hungUp = new IdleConnection(SettingsOf($"https://{listener.LocalEndpoint}"), (IPEndPoint)listener.LocalEndpoint, Context(time)).LookAsync(TestContext.Current.CancellationToken);
        (await listener.AcceptSocketAsync(TestContext.Current.CancellationToken)).Dispose();
        Assert.Equal(((bool?)null, "there was no answer to begin with"), ((await hungUp).IsKept, (await hungUp).Explanation));
    }

    [Fact]
    public async Task An_address_that_this_machine_cannot_try_is_no_verdict()
    {
        var run = await ProbeAsync(new Uri("http://origin.example/"), "--connect", "255.255.255.255");

        Assert.Equal((2, "unknown"), (run.Code, Assert.Single(Verdicts(run))));
        Assert.Contains("this machine cannot try (", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_port_of_connect_is_the_one_that_is_tried()
    {
        await using var origin = await KestrelOrigin.StartAsync(_ => Task.CompletedTask, address: IPAddress.IPv6Loopback);
        using var closed = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        var url = new Uri($"http://origin.example:{((IPEndPoint)closed.LocalEndPoint!).Port}/"); // bound, and so nobody's

        Assert.Equal(1, (await ProbeAsync(url, "--connect", $"[::1]:{origin.Address.Port}")).Code);
        Assert.Equal(["closed"], Verdicts(await ProbeAsync(url, "--connect", "::1")));
        Assert.Equal(["closed"], Verdicts(await ProbeAsync(url, "--connect", "[::1]")));
    }

    /// <summary>.NET reads the first as 203.0.0.113 and the second as 0.0.32.251: another machine, and the closed door of another is no good news.</summary>
    [Theory]
    [InlineData("203.0.113")]
    [InlineData("8443")]
    [InlineData("0x7f.1")]
    [InlineData("[::1]:0")]
    [InlineData("[::1]8443")]
    public async Task What_is_no_whole_address_is_not_tried(string connect)
    {
        var run = await ToolRun.StartAsync("probe", "http://origin.example", "--connect", connect);

        run.HasFailed();
        Assert.Contains("--connect needs an address or address:port", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_beyond_those_that_are_tried_is_not_known_to_be_closed()
    {
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Any, 0));

        var run = await ProbeResolvedAsync(
            $"http://origin.example:{((IPEndPoint)closed.LocalEndPoint!).Port}/", [.. Enumerable.Range(1, 9).Select(static i => new IPAddress([127, 0, 0, (byte)i]))]);

        Assert.Equal(2, run.Code);
        Assert.Equal([.. Enumerable.Repeat("closed", 8), "unknown"], Verdicts(run));
        Assert.Contains("not tried: it is beyond the first 8; --connect tries it", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_without_an_address_is_no_verdict()
    {
        var run = await ProbeResolvedAsync("https://origin.example");

        run.HasFailed();
        Assert.Contains("origin.example has no address.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_nobody_has_seen_is_not_judged()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        var run = await ProbeAsync(new Uri("https://origin.example/"), "--connect", $"{taken.LocalEndPoint}");

        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal("not seen", Rule(json, "certificate").GetProperty("explanation").GetString());
    }

    [Theory]
    [InlineData("34.96.1.1", true, "the endpoint, 34.96.1.1, is public")]
    [InlineData("10.0.0.1", false, "is not public")]
    [InlineData("2600:1900::1", false, "there is no IPv4 address")]
    public void The_load_balancer_needs_a_public_address(string address, bool kept, string says)
    {
        var finding = EndpointRules.Address([IPAddress.Parse(address)], isNamed: false);

        Assert.Equal(kept, finding.IsKept);
        Assert.Contains(says, finding.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guard_that_cannot_tell_is_good_too_and_said()
    {
        await using var origin = await GuardedOrigin.StartAsync(new Dictionary<string, string?>
        {
            ["OriginGuard:SourceAddress:RecordNames:0"] = "_ranges.example",
            ["OriginGuard:Dns:Servers:0"] = "127.0.0.1:1",
        });

        var run = await ToolRun.StartAsync("probe", origin.Address.ToString());

        Assert.Equal(0, run.Code);
        Assert.Contains("503: the guard cannot tell", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guard_that_believes_what_the_attacker_writes_is_found_out()
    {
        var settings = GuardedApp.Settings(("SourceAddress:From", "ForwardedFor"));
        settings.Remove("OriginGuard:SharedSecret:Secrets:0");
        await using var origin = await GuardedOrigin.StartAsync(settings);

        var run = await ProbeAsync(origin.Address);

        Assert.Equal(1, run.Code);
        Assert.Equal(["refused", "refused", "answered"], Verdicts(run));
    }

    [Theory]
    [InlineData(200, "200: open to everyone")]
    [InlineData(403, "not the guard's")]
    [InlineData(401, "not the guard's")]
    [InlineData(404, "an error of something")]
    [InlineData(500, "an error of something")]
    public async Task An_answer_is_bad_whatever_it_says(int status, string says)
    {
        await using var origin = await KestrelOrigin.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        var run = await ToolRun.StartAsync("probe", origin.Address.ToString());

        Assert.Equal((1, ""), (run.Code, run.Error));
        Assert.StartsWith("BAD: ", run.Output, StringComparison.Ordinal);
        Assert.Contains(says, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.4","title":"Forbidden","status":403}""")]
    [InlineData("""{"type":"about:blank","title":"Forbidden","status":200}""")]
    [InlineData("""{"type":"about:blank","title":"Forbidden","status":403,"traceId":"00-1"}""")]
    [InlineData("""{"type":"about:blank","title":"Forbidden","title":"Forbidden","status":403}""")]
    [InlineData("""{"type":"about:blank","title":7,"status":403}""")]
    [InlineData("""{"type":"about:blank","title":"Forbidden","status":403,"reference":null}""")]
    [InlineData("""{"type":"about:blank","title":"Forbidden","status":403,"detail":null}""")]
    [InlineData("""{"type":"about:blank","title":"Forbidden","status":403,"reason":null}""")]
    [InlineData("""{"type":"about:blank","title":"Forbidden","status":403,"reference":"AAAA"}""")]
    [InlineData("""{"type":"troubleshooting.md#a","title":"Forbidden","status":403}""")]
    [InlineData("""{"type":null,"title":"Forbidden","status":403}""")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    public async Task Another_s_problem_details_do_not_pass_for_the_guard_s(string body)
    {
        await using var origin = await KestrelOrigin.StartAsync(context =>
        {
            context.Response.StatusCode = 403;
            context.Response.ContentType = "application/problem+json";
            context.Response.Headers.CacheControl = "no-store";
            return context.Response.WriteAsync(body);
        });

        var run = await ProbeAsync(origin.Address);

        Assert.Equal((1, ""), (run.Code, run.Error));
    }

    [Theory]
    [InlineData(403, "no-store", 0)]
    [InlineData(403, "max-age=5", 1)]
    [InlineData(403, null, 1)]
    [InlineData(503, "no-store", 0)]
    [InlineData(600, "no-store", 1)]
    public async Task Only_a_refusal_that_nobody_keeps_is_the_guard_s(int status, string? cacheControl, int code)
    {
        await using var origin = await KestrelOrigin.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/problem+json";
            context.Response.Headers.CacheControl = cacheControl;
            return context.Response.WriteAsync($$"""{"type":"about:blank","title":"No","status":{{status}}}""");
        });

        Assert.Equal(code, (await ProbeAsync(origin.Address)).Code);
    }

    [Fact]
    public async Task The_certificate_of_the_first_address_is_judged_and_no_other()
    {
        using var certificate = new LoopbackCertificate();
        await using var origin = await KestrelOrigin.StartAsync(_ => Task.CompletedTask, certificate: certificate.Certificate);

        var run = await ProbeResolvedAsync($"https://origin.example:{origin.Address.Port}", IPAddress.Loopback, IPAddress.Loopback);

        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(6, Verdicts(run).Length);
        Assert.False(Rule(json, "certificate name").GetProperty("kept").GetBoolean());
    }

    [Fact]
    public async Task A_reason_in_the_refusal_is_reported()
    {
        await using var origin = await GuardedOrigin.StartAsync(GuardedApp.Settings(("Rejection:IncludeReason", "true")));

        var run = await ToolRun.StartAsync("probe", origin.Address.ToString());

        Assert.Equal(0, run.Code);
        Assert.Contains("tells everyone the reason (address.outside_ranges)", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_s_refusal_counts_when_it_is_named()
    {
        await using var origin = await KestrelOrigin.StartAsync(context =>
        {
            context.Response.StatusCode = 403;
            return Task.CompletedTask;
        });

        Assert.Equal(0, (await ProbeAsync(origin.Address, "--refused-status", "403")).Code);
        Assert.Equal(1, (await ProbeAsync(origin.Address, "--refused-status", "401")).Code);
    }

    [Fact]
    public async Task A_redirect_is_an_answer_and_is_not_followed()
    {
        var asked = 0;
        await using var origin = await KestrelOrigin.StartAsync(context =>
        {
            asked++;
            context.Response.Redirect("/again");
            return Task.CompletedTask;
        });

        var run = await ToolRun.StartAsync("probe", origin.Address.ToString());

        Assert.Equal((1, 3), (run.Code, asked));
        Assert.Contains("302, a redirect to /again", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 308 \u009b2J\r\nLocation: https://elsewhere.example/\u009b2J\u00e9", 1)]
    [InlineData("HTTP/1.1 308 Gone\r\nLocation: \u001b]0;owned\u0007", 1)]
    [InlineData("HTTP/1.1 200 OK\r\nVia: 1.1 google\u009b2J", 1)]
    public async Task An_origin_cannot_speak_to_the_terminal(string head, int code)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var running = ToolRun.StartAsync("probe", $"http://{listener.LocalEndpoint}");

        // Three attempts, and one with large headers.
        for (var attempt = 0; attempt < 4; attempt++)
        {
            using var connection = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
            await connection.SendAsync(Encoding.Latin1.GetBytes(head + new string('x', 5000) + "\r\nContent-Length: 0\r\n\r\n"), TestContext.Current.CancellationToken);
            connection.Shutdown(SocketShutdown.Send);
        }

        var run = await running;
        Assert.Equal(code, run.Code);
        Assert.DoesNotContain(run.Output + run.Error, sign => sign is (< ' ' and not '\n') or > '~');
        Assert.True(run.Output.Length < 4000);
    }

    [Fact]
    public async Task An_answer_by_way_of_Google_is_said_to_be_the_front_door()
    {
        await using var origin = await KestrelOrigin.StartAsync(context =>
        {
            context.Response.Headers.Via = "1.1 google";
            return Task.CompletedTask;
        });

        var run = await ToolRun.StartAsync("probe", origin.Address.ToString());

        Assert.Equal(1, run.Code);
        Assert.Contains("not the way around it", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_port_is_good()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        var run = await ProbeAsync(new Uri($"http://{taken.LocalEndPoint}"));

        Assert.Equal(0, run.Code);
        Assert.Equal(["closed"], Verdicts(run));
    }

    [Fact]
    public async Task A_connection_without_an_answer_is_neither()
    {
        var time = new ManualTimeProvider();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var running = ToolRun.StartAsync(
            ["probe", $"http://{listener.LocalEndpoint}", "--json"], (output, error) => new ToolContext { Output = output, Error = error, Time = time });

        for (var attempt = 0; attempt < 3; attempt++)
        {
            using var connection = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
            await connection.ReceiveAsync(new byte[4096], SocketFlags.None, TestContext.Current.CancellationToken);
            time.Advance(TimeSpan.FromSeconds(10));
        }

        var run = await running;
        Assert.Equal(2, run.Code);
        Assert.Equal(["unknown", "unknown", "unknown"], Verdicts(run));
    }

    [Theory]
    [InlineData(1, "403, and the rest of the answer did not come")]
    [InlineData(0, "403, which you named as a refusal", "--refused-status", "403")]
    public async Task An_answer_that_breaks_off_is_an_answer_all_the_same(int code, string says, params string[] more)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var running = ProbeAsync(new Uri($"http://{listener.LocalEndpoint}"), more);

        var accepted = listener.AcceptSocketAsync(TestContext.Current.CancellationToken).AsTask();
        for (; await Task.WhenAny(running, accepted) == accepted; accepted = listener.AcceptSocketAsync(TestContext.Current.CancellationToken).AsTask())
        {
            using var connection = await accepted;
            await connection.ReceiveAsync(new byte[128 * 1024], SocketFlags.None, TestContext.Current.CancellationToken);
            await connection.SendAsync(
                "HTTP/1.1 403 Forbidden\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\nContent-Length: 500\r\n\r\n{"u8.ToArray(),
                TestContext.Current.CancellationToken);
            connection.Shutdown(SocketShutdown.Send);
        }

        var run = await running;
        Assert.Equal(code, run.Code);
        Assert.Contains(says, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_HTTP_is_an_answer_all_the_same()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var running = ProbeAsync(new Uri($"http://{listener.LocalEndpoint}"));

        for (var attempt = 0; attempt < 3; attempt++)
        {
            using var connection = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
            await connection.SendAsync("220 mail.example ESMTP\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            connection.Shutdown(SocketShutdown.Send);
        }

        Assert.Equal(1, (await running).Code);
    }

    [Fact]
    public async Task An_open_origin_is_a_finding_also_where_the_result_cannot_be_written()
    {
        using var full = new FullDisk();
        await using var origin = await KestrelOrigin.StartAsync(static _ => Task.CompletedTask);

        var run = await ToolRun.StartAsync(["probe", $"{origin.Address}"], (_, error) => new ToolContext { Output = full, Error = error });

        Assert.Equal((1, "originguard: the result cannot be written: No space left on device\n"), (run.Code, run.Error));
    }

    /// <summary>The second name begins as an assertion does, in another case.</summary>
    [Theory]
    [InlineData("origin.example")]
    [InlineData("eyjafjallajokull.origin.example")]
    public async Task An_unresolvable_name_is_no_verdict(string name)
    {
        var run = await ToolRun.StartAsync(["probe", $"https://{name}"], (output, error) => new ToolContext
        {
            Output = output,
            Error = error,
            ResolveAsync = (_, _) => throw new SocketException((int)SocketError.HostNotFound),
        });

        run.HasFailed();
        Assert.Contains($" {name} ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_address_of_a_name_is_tried_and_the_first_one_is_the_load_balancer_s()
    {
        await using var open = await KestrelOrigin.StartAsync(_ => Task.CompletedTask, address: IPAddress.Parse("127.0.0.3"));
        var run = await ToolRun.StartAsync(["probe", $"http://origin.example:{open.Address.Port}/", "--json"], (output, error) => new ToolContext
        {
            Output = output,
            Error = error,
            ResolveAsync = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3")]),
        });

        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(1, run.Code);
        Assert.Equal(["closed", "answered", "answered", "answered"], Verdicts(run));
        Assert.False(Rule(json, "address").GetProperty("kept").GetBoolean());
        Assert.Contains("127.0.0.2, is not public", Rule(json, "address").GetProperty("explanation").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_certificate_is_judged_as_the_load_balancer_would()
    {
        using var certificate = new LoopbackCertificate();
        await using var origin = await KestrelOrigin.StartAsync(_ => Task.CompletedTask, certificate: certificate.Certificate);
        var port = origin.Address.Port;

        Assert.Equal((true, true, true), await CertificateAsync($"https://localhost:{port}", certificate.Certificate));
        Assert.Equal((false, true, true), await CertificateAsync($"https://localhost:{port}", trusted: null));
        Assert.Equal((true, true, false), await CertificateAsync($"https://origin.example:{port}", certificate.Certificate));
        Assert.Equal((true, false, true), await CertificateAsync($"https://localhost:{port}", certificate.Certificate, TimeSpan.FromDays(3)));
        Assert.Equal((true, false, true), await CertificateAsync($"https://localhost:{port}", certificate.Certificate, TimeSpan.FromDays(-3)));
    }

    /// <summary>A browser fetches what is missing, and so shows nothing; the load balancer is not documented to.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_chain_is_judged_by_what_the_origin_sends_and_nothing_is_fetched(bool isWhole)
    {
        var fetched = 0;
        byte[] issuer = [];
        await using var authority = await KestrelOrigin.StartAsync(context =>
        {
            Interlocked.Increment(ref fetched);
            return context.Response.Body.WriteAsync(issuer).AsTask();
        });
        using var certificates = new IssuedCertificates(authority.Address);
        issuer = certificates.Intermediate.RawData;
        var sent = SslStreamCertificateContext.Create(certificates.Leaf, isWhole ? [certificates.Intermediate] : [], offline: true);
        await using var origin = await GuardedOrigin.StartAsync(GuardedApp.Settings(), options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(
            new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = sent }) })));

        var (chain, _, _) = await CertificateAsync($"https://localhost:{origin.Address.Port}", certificates.Root);

        Assert.Equal((isWhole, 0), (chain, fetched));
    }

    /// <summary>The certificate itself is good: whoever renews it and forgets the one above it sees no error in many a browser.</summary>
    [Fact]
    public async Task An_issuer_s_certificate_that_has_expired_is_a_fault_of_the_chain()
    {
        using var certificates = new IssuedCertificates(new Uri("http://127.0.0.1:1/"), issuerGoodFor: TimeSpan.FromHours(12));
        var sent = SslStreamCertificateContext.Create(certificates.Leaf, [certificates.Intermediate], offline: true);
        await using var origin = await GuardedOrigin.StartAsync(GuardedApp.Settings(), options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(
            new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = sent }) })));

        Assert.Equal((true, true, true), await CertificateAsync($"https://localhost:{origin.Address.Port}", certificates.Root));
        Assert.Equal((false, true, true), await CertificateAsync($"https://localhost:{origin.Address.Port}", certificates.Root, TimeSpan.FromHours(18)));
        Assert.Equal((false, false, true), await CertificateAsync($"https://localhost:{origin.Address.Port}", certificates.Root, TimeSpan.FromHours(30)));
    }

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task An_origin_is_asked_in_the_protocol_that_it_speaks(HttpProtocols protocols)
    {
        using var certificate = new LoopbackCertificate();
        await using var origin = await KestrelOrigin.StartAsync(_ => Task.CompletedTask, protocols, certificate: certificate.Certificate);

        Assert.Equal(["answered", "answered", "answered"], Verdicts(await ProbeAsync(origin.Address)));
    }

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task A_dropped_request_is_good(HttpProtocols protocols)
    {
        using var certificate = new LoopbackCertificate();
        await using var origin = await KestrelOrigin.StartAsync(
            context =>
            {
                context.Abort();
                return Task.CompletedTask;
            },
            protocols,
            certificate: certificate.Certificate);

        var run = await ProbeAsync(origin.Address);

        Assert.Equal(0, run.Code);
        Assert.Equal(["closed", "closed", "closed"], Verdicts(run));
    }

    [Fact]
    public async Task The_certificate_of_an_endpoint_by_address_is_not_the_load_balancer_s_business()
    {
        using var certificate = new LoopbackCertificate();
        await using var origin = await KestrelOrigin.StartAsync(_ => Task.CompletedTask, certificate: certificate.Certificate);

        var run = await ProbeAsync(origin.Address);

        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(JsonValueKind.Null, Rule(json, "certificate").GetProperty("kept").ValueKind);
    }

    private static ProbeSettings SettingsOf(string url) => new(new Uri(url), "X-Origin-Guard", TimeSpan.FromSeconds(10), [], WaitsIdle: true);

    private static ToolContext Context(TimeProvider time) => new() { Output = TextWriter.Null, Error = TextWriter.Null, Time = time };

    private static async Task<string> ReadOnceAsync(Socket connection)
    {
        var buffer = new byte[4096];
        return Encoding.ASCII.GetString(buffer, 0, await connection.ReceiveAsync(buffer, SocketFlags.None, TestContext.Current.CancellationToken));
    }

    private static async Task ReadToTheEndAsync(Socket connection)
    {
        try
        {
            while ((await ReadOnceAsync(connection)).Length > 0)
            {
                // The large headers, too: closing with octets unread would reset the connection.
            }
        }
        catch (SocketException)
        {
            // The tool has gone.
        }
    }

    private static async Task<(bool Chain, bool Time, bool Name)> CertificateAsync(string url, X509Certificate2? trusted, TimeSpan later = default)
    {
        var run = await ToolRun.StartAsync(["probe", url, "--connect", "127.0.0.1", "--json"], (output, error) => new ToolContext
        {
            Output = output,
            Error = error,
            Time = new ManualTimeProvider(TimeProvider.System.GetUtcNow() + later),
            TrustedRoots = trusted is null ? null : [trusted],
        });
        using var json = JsonDocument.Parse(run.Output);
        return (Kept("chain"), Kept("time"), Kept("name"));

        bool Kept(string rule) => Rule(json, $"certificate {rule}").GetProperty("kept").GetBoolean();
    }

    private static Task<ToolRun> ProbeAsync(Uri url, params string[] more) => ToolRun.StartAsync(["probe", url.ToString(), "--json", .. more]);

    /// <summary>A probe of a name that has these addresses.</summary>
    private static Task<ToolRun> ProbeResolvedAsync(string url, params IPAddress[] addresses) => ToolRun.StartAsync(
        ["probe", url, "--json"], (output, error) => new ToolContext { Output = output, Error = error, ResolveAsync = (_, _) => Task.FromResult(addresses) });

    private static string[] Verdicts(ToolRun run)
    {
        using var json = JsonDocument.Parse(run.Output);
        return [.. json.RootElement.GetProperty("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("verdict").GetString()!)];
    }

    private static JsonElement Rule(JsonDocument json, string rule) =>
        json.RootElement.GetProperty("endpoint").EnumerateArray().Single(finding => finding.GetProperty("rule").GetString() == rule);
}
