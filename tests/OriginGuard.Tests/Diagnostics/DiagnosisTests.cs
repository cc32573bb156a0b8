using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using OriginGuard.TestKit;
using OriginGuard.Tests.Iap;
using OriginGuard.Tests.PublishedLists;
using OriginGuard.Tests.Ranges;
using Xunit;

namespace OriginGuard.Tests.Diagnostics;

/// <summary>What the diagnostics say.</summary>
public sealed class DiagnosisTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Explains_the_asking_request_layer_by_layer()
    {
        await using var app = await DiagnosedApp.StartAsync();

        var diagnosis = await app.ReadAsync();

        var request = diagnosis.GetProperty("request");
        Assert.Equal("admitted", Text(request, "verdict"));
        Assert.Equal("34.96.0.1", Text(request, "peerAddress"));
        Assert.Equal("Connection", Text(request, "peerFrom"));
        Assert.Equal("34.96.0.0/20", Text(request, "matchedNetwork"));
        Assert.Equal("203.0.113.7", Text(request, "clientAddress"));
        Assert.Equal(0, request.GetProperty("secretSlot").GetInt32());
        Assert.Equal("ada@example.com", Text(request.GetProperty("user"), "email"));
        var layers = diagnosis.GetProperty("layers").EnumerateArray().ToArray();
        Assert.Equal(["Headers", "SourceAddress", "SharedSecret", "Iap"], layers.Select(static layer => Text(layer, "layer")));
        Assert.All(layers, static layer => Assert.Equal((true, "Enforce", "admitted"), (layer.GetProperty("isOn").GetBoolean(), Text(layer, "mode"), Text(layer, "verdict"))));
        Assert.Contains("34.96.0.1 lies in 34.96.0.0/20", Text(layers[1], "explanation"), StringComparison.Ordinal);
        Assert.Equal("2026-01-01T00:00:00+00:00", Text(diagnosis, "time"));
    }

    [Fact]
    public async Task Tells_in_what_form_the_request_arrived_and_no_value_of_it()
    {
        await using var app = await DiagnosedApp.StartAsync();
        using var client = app.Through();
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-OriginGuard-Probe-One", "a-value");
        client.DefaultRequestHeaders.TryAddWithoutValidation("x_originguard_probe.two", ["a-value", "another"]);
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-For", "192.0.2.1, 192.0.2.2");
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Mine", "a-value");

        var text = await DiagnosedApp.TextAsync(client);

        var arrived = JsonElement.Parse(text).GetProperty("arrived");
        Assert.Equal(1, arrived.GetProperty("secretLines").GetInt32());
        Assert.Equal(1, arrived.GetProperty("assertionLines").GetInt32());
        Assert.Equal("2026-01-01T00:00:00+00:00", Text(arrived, "assertionIssuedAt"));
        Assert.Equal(4, arrived.GetProperty("forwardedForEntries").GetInt32());
        Assert.Equal("HTTP/1.1", Text(arrived, "protocol"));
        Assert.Equal(["Via", "X-Cloud-Trace-Context", "X-Forwarded-For", "X-Forwarded-Proto", "X-Goog-Iap-Jwt-Assertion"], arrived.GetProperty("frontEndHeaders").EnumerateArray().Select(static name => name.GetString()));
        Assert.Equal(
            [("X-Originguard-Probe-One", 1, 7), ("X_originguard_probe.two", 2, 14)],
            arrived.GetProperty("testHeaders").EnumerateArray().Select(static test => (Text(test, "name")!, test.GetProperty("lines").GetInt32(), test.GetProperty("octets").GetInt32())).Order());
        Assert.DoesNotContain("a-value", text, StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Headers_are_measured_with_the_secret_whether_or_not_the_guard_takes_it_off(bool isOnlyReported)
    {
        await using var app = await DiagnosedApp.StartAsync(("Iap:Mode", "Disabled"), ("Mode", isOnlyReported ? "ReportOnly" : "Enforce"));

        var diagnosis = await app.SendAsLoadBalancerAsync(("X-Origin-Guard", GuardedApp.Secret), ("Host", "localhost"), ("X-Ten", "1234567890"));

        var arrived = diagnosis.GetProperty("arrived");
        Assert.Equal(3, arrived.GetProperty("headerLines").GetInt32());
        Assert.Equal("X-Origin-GuardHostlocalhostX-Ten1234567890".Length + GuardedApp.Secret.Length + (3 * 4), arrived.GetProperty("headerOctets").GetInt32());
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("")]
    [InlineData("e30.e30.AA")]
    public async Task An_assertion_that_nobody_verified_is_counted_and_not_read(string assertion)
    {
        await using var app = await DiagnosedApp.StartAsync(("Iap:Mode", "Disabled"));

        var arrived = (await app.SendAsLoadBalancerAsync(("X-Origin-Guard", GuardedApp.Secret), ("X-Goog-IAP-JWT-Assertion", assertion))).GetProperty("arrived");

        Assert.Equal((1, null), (arrived.GetProperty("assertionLines").GetInt32(), Text(arrived, "assertionIssuedAt")));
    }

    [Fact]
    public async Task The_secret_is_no_test_header_whatever_it_is_called()
    {
        await using var app = await DiagnosedApp.StartAsync(("Iap:Mode", "Disabled"), ("Mode", "ReportOnly"), ("SharedSecret:HeaderName", "X-OriginGuard-Probe-Secret"));

        var arrived = (await app.SendAsLoadBalancerAsync(("X-OriginGuard-Probe-Secret", GuardedApp.Secret))).GetProperty("arrived");

        Assert.Equal((1, 0), (arrived.GetProperty("secretLines").GetInt32(), arrived.GetProperty("testHeaders").GetArrayLength()));
    }

    [Fact]
    public async Task Lines_without_a_value_are_lines_and_have_no_octets()
    {
        await using var app = await DiagnosedApp.StartAsync(("Iap:Mode", "Disabled"));

        var answer = await app.App.SendAsync(GuardedApp.LoadBalancer, static request =>
        {
            request.Path = DiagnosedApp.Path;
            request.Headers.Clear();
            request.Headers["X-Forwarded-For"] = new StringValues([null, "192.0.2.1, 192.0.2.2"]);
            request.Headers["X-OriginGuard-Probe-A"] = new StringValues([null, "ab"]);
            request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
        });

        var arrived = (await JsonDocument.ParseAsync(answer.Response.Body, cancellationToken: Stop)).RootElement.GetProperty("arrived");
        Assert.Equal((2, 5), (arrived.GetProperty("forwardedForEntries").GetInt32(), arrived.GetProperty("headerLines").GetInt32()));
        Assert.Equal((2, 2), (arrived.GetProperty("testHeaders")[0].GetProperty("lines").GetInt32(), arrived.GetProperty("testHeaders")[0].GetProperty("octets").GetInt32()));
        Assert.Equal((2 * ("X-Forwarded-ForX-OriginGuard-Probe-A".Length + 8)) + "192.0.2.1, 192.0.2.2abX-Origin-Guard".Length + GuardedApp.Secret.Length + 4, arrived.GetProperty("headerOctets").GetInt32());
    }

    [Fact]
    public async Task Of_a_request_of_which_only_the_secret_is_known_nothing_else_is_said()
    {
        await using var app = await DiagnosedApp.StartAsync(
            ("Iap:Mode", "Disabled"), ("SourceAddress:Mode", "Disabled"), ("SourceAddress:From", "ForwardedFor"), ("SourceAddress:ForwardedForPosition", "2"));

        var answer = await app.App.SendAsync(null, static request => (request.Path, request.Headers["X-Origin-Guard"]) = (DiagnosedApp.Path, GuardedApp.Secret));

        var request = (await JsonDocument.ParseAsync(answer.Response.Body, cancellationToken: Stop)).RootElement.GetProperty("request");
        Assert.Equal(("admitted", "ForwardedFor", 2, 0), (Text(request, "verdict"), Text(request, "peerFrom"), Number(request, "forwardedForPosition"), Number(request, "secretSlot")));
        Assert.All((string[])["peerAddress", "matchedNetwork", "clientAddress", "user"], member => Assert.Equal(JsonValueKind.Null, request.GetProperty(member).ValueKind));
    }

    [Fact]
    public async Task Names_that_a_client_heaps_up_are_bounded()
    {
        await using var app = await DiagnosedApp.StartAsync();
        using var client = app.Through();
        for (var number = 0; number < 100; number++)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation($"X-OriginGuard-Probe-{number}", "1");
            client.DefaultRequestHeaders.TryAddWithoutValidation($"X-Forwarded-{number}", "1");
        }

        var arrived = JsonElement.Parse(await DiagnosedApp.TextAsync(client)).GetProperty("arrived");

        Assert.Equal((8, 16), (arrived.GetProperty("testHeaders").GetArrayLength(), arrived.GetProperty("frontEndHeaders").GetArrayLength()));
    }

    [Fact]
    public async Task Says_of_a_layer_that_is_off_by_which_setting()
    {
        await using var app = await DiagnosedApp.StartAsync(("SharedSecret:Mode", "Disabled"), ("SourceAddress:Mode", "ReportOnly"));

        var diagnosis = await app.ReadAsync();

        var layers = diagnosis.GetProperty("layers").EnumerateArray().ToArray();
        Assert.Equal(["Enforce", "ReportOnly", "Disabled", "Enforce"], layers.Select(static layer => Text(layer, "mode")));
        Assert.Equal("OriginGuard:SharedSecret:Mode is Disabled.", Text(layers[2], "why"));
        Assert.Null(Text(layers[2], "verdict"));
        Assert.Equal(JsonValueKind.Null, diagnosis.GetProperty("sharedSecret").ValueKind);
    }

    [Fact]
    public async Task Tells_where_a_record_comes_from_how_old_it_is_and_when_it_is_asked_again()
    {
        var dns = new ScriptedTxtResolver();
        dns.Answer("_ranges.example", TxtAnswer.Found(["v=spf1 ip4:34.96.0.0/20 ip4:34.127.192.0/18 -all"], TimeSpan.FromMinutes(30)));
        await using var app = await DiagnosedApp.StartAsync(
            services => services.AddSingleton<ITxtResolver>(dns), null, ("SourceAddress:RecordNames", null), ("SourceAddress:RecordNames:0", "_ranges.example"));
        app.App.Clock.Advance(TimeSpan.FromSeconds(90));

        var records = (await app.ReadAsync()).GetProperty("ranges").GetProperty("records").EnumerateArray().ToArray();

        Assert.Equal(["_ranges.example", null], records.Select(static record => Text(record, "name")));
        var (record, configured) = (records[0], records[1]);
        Assert.Equal(("dns", true, 2, 90), (Text(record, "source"), record.GetProperty("isUsable").GetBoolean(), Number(record, "networkCount"), Number(record, "ageSeconds")));
        Assert.Equal(("succeeded", 1800, null), (Text(record, "lastRefresh"), Number(record, "timeToLiveSeconds"), Text(record, "lastError")));
        Assert.Equal("2026-01-01T00:00:00+00:00", Text(record, "loadedAt"));
        var next = DateTimeOffset.Parse(Text(record, "nextRefreshAt")!, CultureInfo.InvariantCulture);
        Assert.InRange(next, new DateTimeOffset(2026, 1, 1, 0, 26, 0, TimeSpan.Zero), new DateTimeOffset(2026, 1, 1, 0, 31, 0, TimeSpan.Zero));
        Assert.Equal(("static", null, 2), (Text(configured, "source"), Text(configured, "lastRefresh"), Number(configured, "networkCount")));
    }

    [Theory]
    [InlineData(true, "45.0.0.0/24", "fetched", null, null, "Compared with Google")]
    [InlineData(true, "34.96.0.0/20", "fetched", "confirmed", null, "confirm them")]
    [InlineData(false, "34.96.0.0/20", "built-in", "likely", null, "hold them, but the copy is old")]
    [InlineData(false, "45.0.0.0/24", "built-in", "doubted", "45.0.0.0/24 is not in goog.json (lists of 2025-07-24)", "45.0.0.0/24 is not in goog.json (lists of 2025-07-24), but the copy is old")]
    public async Task Tells_what_Google_s_lists_say_of_Google_s_record(bool areFetched, string network, string source, string? corroboration, string? objection, string onThePage)
    {
        using var lists = new ScriptedLists { Google = areFetched ? ["34.64.0.0/10"] : null, Cloud = ["34.97.0.0/16"] };
        var dns = new ScriptedTxtResolver().Answer(SourceAddressOptions.GoogleRecordName, $"v=spf1 ip4:{network} -all");
        await using var app = await DiagnosedApp.StartAsync(
            services => services.AddSingleton<ITxtResolver>(dns).AddSingleton(lists),
            null,
            ("SourceAddress:RecordNames", null), ("SourceAddress:RecordNames:0", SourceAddressOptions.GoogleRecordName), ("SourceAddress:UseBuiltInRanges", "false"));
        await SupplyScene.UntilAsync(() => app.App.Logs.WithId(areFetched ? 4131 : 4132).Any());
        await SupplyScene.UntilAsync(() => app.App.Logs.WithId(network.StartsWith("45", StringComparison.Ordinal) ? areFetched ? 4104 : 4109 : 4101).Any());

        JsonElement ranges = default;
        await SupplyScene.UntilAsync(() =>
        {
            ranges = app.ReadAsync().GetAwaiter().GetResult().GetProperty("ranges");
            return Text(ranges.GetProperty("records")[0], "corroboration") == corroboration;
        });

        Assert.Equal(source, Text(ranges.GetProperty("lists"), "source"));
        Assert.Equal(objection, Text(ranges.GetProperty("records")[0], "objection"));
        Assert.Equal(areFetched ? null : "https://www.gstatic.com: no route to host", Text(ranges.GetProperty("lists"), "lastError"));
        Assert.Contains(onThePage, WebUtility.HtmlDecode(await app.ReadPageAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counts_verdicts_by_reason_and_mode_since_the_start()
    {
        await using var app = await DiagnosedApp.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            using var refused = await DiagnosedApp.SendAsync(app.Around(), path: "/");
        }

        using var exempt = await DiagnosedApp.SendAsync(app.Around(), path: "/healthz");
        app.App.Reload(("Mode", "ReportOnly"));
        using var reported = await DiagnosedApp.SendAsync(app.Around(), path: "/");

        var counts = (await app.ReadAsync()).GetProperty("counts").GetProperty("requests").EnumerateArray()
            .Select(static count => (Text(count, "verdict"), Text(count, "reason"), Number(count, "enforced"), Number(count, "reported")));

        Assert.Equal(
            [("admitted", null, 0, 1), ("exempted", null, 1, 0), ("refused", "address.outside_ranges", 3, 1)], counts);
    }

    [Fact]
    public async Task Counts_the_matches_of_each_secret_since_the_secrets_changed()
    {
        await using var app = await DiagnosedApp.StartAsync();
        await app.ReadAsync();
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));
        app.App.Reload(("SharedSecret:Secrets:0", "a-new-secret-for-the-rotation-01"), ("SharedSecret:Secrets:1", GuardedApp.Secret));
        await app.ReadAsync();
        await app.ReadAsync();

        var secrets = (await app.ReadAsync("a-new-secret-for-the-rotation-01")).GetProperty("sharedSecret");

        Assert.Equal("2026-01-01T00:01:00+00:00", Text(secrets, "since"));
        Assert.Equal([(0, 1), (1, 2)], secrets.GetProperty("slots").EnumerateArray().Select(static slot => (Number(slot, "slot"), Number(slot, "matches"))));
    }

    [Fact]
    public async Task Names_the_audiences_and_the_keys()
    {
        await using var app = await DiagnosedApp.StartAsync();

        var iap = (await app.ReadAsync()).GetProperty("iap");

        Assert.Equal(IapWorld.Audience, Assert.Single(iap.GetProperty("audiences").EnumerateArray()).GetString());
        Assert.Equal((1, 0, null), (Number(iap, "keys"), Number(iap, "keysAgeSeconds"), Text(iap, "keysLastError")));
    }

    [Fact]
    public async Task Neither_form_holds_a_secret_an_assertion_or_a_header_value()
    {
        await using var app = await DiagnosedApp.StartAsync(("SharedSecret:Secrets:1", GuardedApp.PreviousSecret));
        using var client = app.Through();
        client.DefaultRequestHeaders.Add("X-Note", "a-value-of-the-client");
        client.DefaultRequestHeaders.Add("Cookie", "session=of-the-client");

        var json = await DiagnosedApp.TextAsync(client, $"{DiagnosedApp.Path}?format=json&note=of-the-query");
        var page = await DiagnosedApp.TextAsync(client, $"{DiagnosedApp.Path}?format=html&note=of-the-query");

        Assert.Contains("admitted", json, StringComparison.Ordinal);
        Assert.Contains("admitted", page, StringComparison.Ordinal);
        string[] hidden =
        [
            "correct-horse", "of-the-client", "of-the-query",
            .. app.LastAssertion.Split('.'),
        ];
        Assert.All(hidden, text => Assert.DoesNotContain(text, json + page, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/json", "application/json")]
    [InlineData("text/html", "text/html")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html")]
    [InlineData("application/json, text/html;q=0.5", "application/json")]
    [InlineData("text/html;q=0", "application/json")]
    [InlineData(", ;; /html, text", "application/json")]
    public async Task Gives_the_page_to_whoever_prefers_it_and_json_to_everyone_else(string? accept, string expected)
    {
        await using var app = await DiagnosedApp.StartAsync();

        using var response = await DiagnosedApp.SendAsync(app.Through(), accept: accept);

        Assert.Equal(expected, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("Accept", response.Headers.Vary.Single());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("?format=json", "text/html", "application/json")]
    [InlineData("?format=html", "application/json", "text/html")]
    [InlineData("?format=json&format=html", "text/html", "text/html")]
    [InlineData("?format=xml", "application/json", "application/json")]
    public async Task The_address_can_say_which_form_is_wanted(string query, string accept, string expected)
    {
        await using var app = await DiagnosedApp.StartAsync();

        using var response = await DiagnosedApp.SendAsync(app.Through(), path: DiagnosedApp.Path + query, accept: accept);

        Assert.Equal((HttpStatusCode.OK, expected), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Shows_what_an_identity_provider_let_through_as_text_under_a_policy_that_runs_nothing()
    {
        const string Hostile = "\"><img src=x onerror=alert(1)>'</p></style><script>alert(2)</script>\u202e@example.com";
        await using var app = await DiagnosedApp.StartAsync();
        app.Identity = new() { Subject = Hostile, Email = Hostile };

        var page = await app.ReadPageAsync();
        using var json = await DiagnosedApp.SendAsync(app.Through());
        var text = await json.Content.ReadAsStringAsync(Stop);

        Assert.Contains("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;", page, StringComparison.Ordinal);
        Assert.All((string[])["<img", "<script", "\u202e"], bad => Assert.DoesNotContain(bad, page + text, StringComparison.Ordinal));
        Assert.Equal(1, page.Split("</style>").Length - 1);
        Assert.Equal(Hostile, Text(JsonElement.Parse(text).GetProperty("request").GetProperty("user"), "email"));
        var policy = json.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal(("nosniff", "DENY"), (json.Headers.GetValues("X-Content-Type-Options").Single(), json.Headers.GetValues("X-Frame-Options").Single()));
    }

    [Fact]
    public async Task Opens_a_reference_and_says_what_it_means()
    {
        await using var app = await DiagnosedApp.StartAsync(("Rejection:ReferenceKey", "a-key-of-thirty-two-random-bytes-0001"));
        using var refused = await DiagnosedApp.SendAsync(app.Around(), path: "/<orders>");
        var reference = JsonElement.Parse(await refused.Content.ReadAsStringAsync(Stop)).GetProperty("reference").GetString();
        using var client = app.Through();

        var opened = JsonElement.Parse(await DiagnosedApp.TextAsync(client, $"{DiagnosedApp.Path}?reference={reference}")).GetProperty("references");
        var page = await DiagnosedApp.TextAsync(client, $"{DiagnosedApp.Path}?format=html&reference={reference}");
        var forged = JsonElement.Parse(await DiagnosedApp.TextAsync(client, $"{DiagnosedApp.Path}?reference={reference![..100]}{(reference[100] is 'A' ? 'B' : 'A')}{reference[101..]}")).GetProperty("references");
        var hostile = await DiagnosedApp.TextAsync(client, $"{DiagnosedApp.Path}?format=html&reference=%3Cscript%3Ealert(1)%3C/script%3E");

        Assert.Equal(("address.outside_ranges", "GET /<orders>"), (Text(opened.GetProperty("opened"), "reason"), Text(opened.GetProperty("opened"), "request")));
        Assert.Contains("around the load balancer. This is what the guard is for.", page, StringComparison.Ordinal);
        Assert.Contains("GET /&lt;orders&gt;", page, StringComparison.Ordinal);
        Assert.Equal((JsonValueKind.Null, "It was changed on its way, or made up: its seal does not hold."), (forged.GetProperty("opened").ValueKind, Text(forged, "problem")));
        Assert.DoesNotContain("script>", hostile, StringComparison.Ordinal);
        Assert.Contains("It is no reference", hostile, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Has_nothing_to_open_references_with_where_there_are_none() =>
        Assert.Equal(JsonValueKind.Null, (await (await DiagnosedApp.StartAsync()).ReadAsync()).GetProperty("references").ValueKind);

    [Fact]
    public async Task Neither_host_nor_path_nor_header_names_of_the_client_come_back()
    {
        await using var app = await DiagnosedApp.StartAsync();
        using var client = app.Through();
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Hostile-Name", "1");
        client.DefaultRequestHeaders.Host = "hostile.example";

        var page = await DiagnosedApp.TextAsync(client, $"{DiagnosedApp.Path}?format=html");
        var shouting = DiagnosedApp.Path.ToUpperInvariant();
        var json = await DiagnosedApp.TextAsync(client, $"{shouting}/");

        Assert.DoesNotContain("hostile", page + json, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(shouting, json, StringComparison.Ordinal);
    }

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();

    private static int? Number(JsonElement element, string member) => element.GetProperty(member) is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : null;
}
