using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OriginGuard.References;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using OriginGuard.Tests.Iap;
using Xunit;

namespace OriginGuard.Tests.Guard;

public sealed class RefusalReferenceTests
{
    private const string Key = "a-key-of-thirty-two-random-bytes-0001";

    private static readonly (string Key, string? Value) WithKey = ("Rejection:ReferenceKey", Key);

    [Fact]
    public async Task Without_the_option_not_one_octet_of_an_answer_changes()
    {
        await using var app = await GuardedApp.StartAsync();

        Assert.Equal("""{"type":"about:blank","title":"Forbidden","status":403}""", await BodyAsync(app));
        Assert.DoesNotContain("explain", app.Logs.WithId(4012).Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_carries_a_reference_that_says_what_every_layer_saw()
    {
        using var issuer = new IapAssertionIssuer();
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await GuardedApp.StartAsync(WithKey, ("Iap:Audiences:0", IapWorld.Audience), ("Iap:KeysUri", $"{keys.Uri}"));

        var record = await RecordAsync(app, GuardedApp.Stranger, request =>
        {
            request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
            request.Headers["x-goog-iap-jwt-assertion"] = "e.y.z";
            (request.Method, request.Path, request.QueryString) = ("POST", "/orders/17", new QueryString("?token=abc"));
        });

        Assert.Equal(
            [
                new LayerRecord(LayerState.Admitted), new LayerRecord(LayerState.NotAdmitted, RefusalReason.AddressOutsideRanges),
                new LayerRecord(LayerState.Admitted), new LayerRecord(LayerState.Unverified),
            ],
            record.Layers);
        Assert.Equal((RefusalReason.AddressOutsideRanges, GuardedApp.Stranger, "POST", "/orders/17"), (record.Reason, record.Peer, record.Method, record.Path));
        Assert.Equal(app.Clock.GetUtcNow(), record.Time);
        Assert.Equal(Environment.MachineName[^Math.Min(16, Environment.MachineName.Length)..], record.Instance);
    }

    [Theory]
    [InlineData("203.0.113.66", "wrong-wrong-wrong-wrong", null, "Admitted|AddressOutsideRanges|SecretMismatch|IapMissing")]
    [InlineData("203.0.113.66", null, "a,b", "Admitted|AddressOutsideRanges|SecretMissing|IapMultiple")]
    [InlineData("34.96.1.1", "a,b", null, "Admitted|Admitted|SecretMultiple|IapMissing")]
    [InlineData("34.96.1.1", GuardedApp.Secret, null, "Admitted|Admitted|Admitted|IapMissing")]
    [InlineData("34.96.1.1", GuardedApp.Secret, "e.y.z", "Admitted|Admitted|Admitted|IapMalformed")]
    public async Task Layers_behind_the_one_that_decided_say_what_costs_nothing(string peer, string? secret, string? assertion, string said)
    {
        using var issuer = new IapAssertionIssuer();
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await GuardedApp.StartAsync(WithKey, ("Iap:Audiences:0", IapWorld.Audience), ("Iap:KeysUri", $"{keys.Uri}"));

        var record = await RecordAsync(app, IPAddress.Parse(peer), request =>
        {
            request.Headers["X-Origin-Guard"] = secret;
            request.Headers["x-goog-iap-jwt-assertion"] = assertion;
        });

        Assert.Equal(said, string.Join('|', record.Layers.Select(static layer => layer.State is LayerState.NotAdmitted ? $"{layer.Reason}" : $"{layer.State}")));
    }

    [Fact]
    public async Task A_disguised_header_is_the_decision_and_the_rest_is_said_all_the_same()
    {
        await using var app = await GuardedApp.StartAsync(WithKey);

        var record = await RecordAsync(app, GuardedApp.LoadBalancer, static request => request.Headers["X_Origin_Guard"] = "anything");

        Assert.Equal([RefusalReason.HeadersSmuggled, RefusalReason.None, RefusalReason.SecretMissing, RefusalReason.None], record.Layers.Select(static layer => layer.Reason));
        Assert.Equal((LayerState.Admitted, LayerState.Off), (record[GuardLayer.SourceAddress].State, record[GuardLayer.Iap].State));
    }

    [Fact]
    public async Task The_peer_in_the_log_is_the_same_with_a_reference_and_without()
    {
        (string, string?)[] forwarded = [("SourceAddress:From", "ForwardedFor")];
        await using var plain = await GuardedApp.StartAsync(forwarded);
        await using var withKey = await GuardedApp.StartAsync([WithKey, .. forwarded]);
        foreach (var app in new[] { plain, withKey })
        {
            await app.SendAsync(GuardedApp.Stranger, static request => (request.Headers["X_Origin_Guard"], request.Headers["X-Forwarded-For"]) = ("x", "34.96.1.1"));
        }

        Assert.Contains($"from peer {GuardedApp.Stranger} was refused", plain.Logs.WithId(4012).Single().Message, StringComparison.Ordinal);
        Assert.Contains($"from peer {GuardedApp.Stranger} was refused", withKey.Logs.WithId(4012).Single().Message, StringComparison.Ordinal);
        Assert.Equal(GuardedApp.LoadBalancer, Open(withKey.Logs.WithId(4012).Single().Message).Peer);

        // Without an entry for it, whoever holds the connection is all that is known.
        var record = await RecordAsync(withKey, GuardedApp.Stranger);
        Assert.Equal((RefusalReason.AddressForwardedForInvalid, GuardedApp.Stranger), (record.Reason, record.Peer));
    }

    [Fact]
    public async Task A_layer_that_only_reports_is_marked()
    {
        await using var app = await GuardedApp.StartAsync(WithKey, ("SourceAddress:Mode", "ReportOnly"));

        var record = await RecordAsync(app, GuardedApp.Stranger);

        Assert.Equal((RefusalReason.SecretMissing, new LayerRecord(LayerState.NotAdmitted, RefusalReason.AddressOutsideRanges, IsMild: true)), (record.Reason, record[GuardLayer.SourceAddress]));
    }

    [Fact]
    public async Task An_undetermined_answer_carries_one_too()
    {
        await using var dns = LoopbackDnsServer.Start();
        await using var app = await GuardedApp.StartAsync(new Dictionary<string, string?>
        {
            ["OriginGuard:Rejection:ReferenceKey"] = Key,
            ["OriginGuard:SourceAddress:RecordNames:0"] = "nothing.example",
            ["OriginGuard:Dns:Servers:0"] = $"{dns.EndPoint}",
        });

        var context = await app.SendAsync(GuardedApp.LoadBalancer);

        Assert.Equal(503, context.Response.StatusCode);
        Assert.Equal(RefusalReason.AddressRangesUnavailable, Open(await TextOf(context)).Reason);
    }

    [Fact]
    public async Task Answers_have_one_length_for_all_reasons()
    {
        using var issuer = new IapAssertionIssuer();
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await GuardedApp.StartAsync(WithKey, ("Iap:Audiences:0", IapWorld.Audience), ("Iap:KeysUri", $"{keys.Uri}"));

        long?[] lengths =
        [
            (await app.SendAsync(GuardedApp.Stranger)).Response.ContentLength,
            (await app.SendAsync(null)).Response.ContentLength,
            (await app.SendAsync(GuardedApp.LoadBalancer)).Response.ContentLength,
            (await app.SendAsync(GuardedApp.LoadBalancer, static request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret)).Response.ContentLength,
            (await app.SendAsync(GuardedApp.LoadBalancer, static request => request.Headers["X_Origin_Guard"] = "x")).Response.ContentLength,
            (await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/" + new string('a', 4000))).Response.ContentLength,
        ];

        Assert.Single(lengths.Distinct());
    }

    [Fact]
    public async Task HEAD_has_the_length_and_no_body_and_a_dropped_connection_has_its_reference_in_the_log()
    {
        await using var app = await GuardedApp.StartAsync(WithKey);
        var get = await app.SendAsync(GuardedApp.Stranger);
        var head = await app.SendAsync(GuardedApp.Stranger, static request => request.Method = "HEAD");

        Assert.Equal((get.Response.ContentLength, ""), (head.Response.ContentLength, await TextOf(head)));
        await using var dropping = await GuardedApp.StartAsync(WithKey, ("Rejection:Abort", "true"));
        await Assert.ThrowsAnyAsync<Exception>(() => dropping.SendAsync(GuardedApp.Stranger));
        Assert.Equal(RefusalReason.AddressOutsideRanges, Open(dropping.Logs.WithId(4012).Single().Message).Reason);
    }

    [Fact]
    public async Task The_log_carries_the_reference_of_the_answer_and_a_summary_that_of_the_last_one()
    {
        await using var app = await GuardedApp.StartAsync(WithKey);
        var first = await BodyAsync(app);
        var second = await BodyAsync(app);

        Assert.Contains(ReferenceOf(first), app.Logs.WithId(4012).Single().Message, StringComparison.Ordinal);
        Assert.Equal([ReferenceOf(first), ReferenceOf(second)], app.Logs.WithId(4011).Select(static line => ReferenceText.Find(line.Message)!));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.EndsWith($"or originguard explain {ReferenceOf(second)}", app.Logs.WithId(4013).Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_gets_a_bounded_number_a_second_and_the_next_second_begins_anew()
    {
        await using var app = await GuardedApp.StartAsync(WithKey);
        List<bool> carried = [];
        for (var i = 0; i < RefusalReferences.MostPerSecond + 50; i++)
        {
            carried.Add((await BodyAsync(app)).Contains("\"reference\"", StringComparison.Ordinal));
        }

        Assert.Equal(Enumerable.Repeat(true, RefusalReferences.MostPerSecond).Concat(Enumerable.Repeat(false, 50)), carried);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("\"reference\"", await BodyAsync(app), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_the_process_has_one_that_outlives_a_reload()
    {
        await using var app = await GuardedApp.StartAsync(("Rejection:IncludeReference", "true"));
        var before = ReferenceOf(await BodyAsync(app));
        app.Reload(("Rejection:StatusCode", "404"));
        var after = ReferenceOf(await BodyAsync(app));

        Assert.Null(ReferenceKey.From(Key).Open(before, out _));
        Assert.Equal(KeyOf(before), KeyOf(after));

        // A key that comes, and one that goes: in force with the next request.
        app.Reload(WithKey);
        Assert.Equal(RefusalReason.AddressOutsideRanges, Open(await BodyAsync(app)).Reason);
        app.Reload(("Rejection:ReferenceKey", ""), ("Rejection:IncludeReference", "false"));
        Assert.DoesNotContain("reference", await BodyAsync(app), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_can_stand_in_a_file()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "key");
        await File.WriteAllTextAsync(path, $"{Key}\n", TestContext.Current.CancellationToken);
        await using var app = await GuardedApp.StartAsync(("Rejection:ReferenceKeyFile", path));

        Assert.Equal(RefusalReason.AddressOutsideRanges, Open(await BodyAsync(app)).Reason);
    }

    /// <summary>A leaked secret must go also while the file of the key is away.</summary>
    [Fact]
    public async Task A_key_file_that_is_away_keeps_its_last_good_value_over_a_reload()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "key");
        await File.WriteAllTextAsync(path, Key, TestContext.Current.CancellationToken);
        await using var app = await GuardedApp.StartAsync(("Rejection:ReferenceKeyFile", path), ("SharedSecret:Secrets:1", GuardedApp.PreviousSecret));
        File.Delete(path);
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        app.Reload(("SharedSecret:Secrets:1", GuardedApp.Secret));

        Assert.Empty(app.Logs.WithId(4002));
        var old = await app.SendAsync(GuardedApp.LoadBalancer, static request => request.Headers["X-Origin-Guard"] = GuardedApp.PreviousSecret);
        Assert.Equal(403, old.Response.StatusCode);
        Assert.Equal(RefusalReason.AddressOutsideRanges, Open(await BodyAsync(app)).Reason);
    }

    [Theory]
    [InlineData("OriginGuard:Rejection:ReferenceKey is 5 bytes; 16 or more are needed", "short", null)]
    [InlineData("OriginGuard:Rejection:ReferenceKey holds U+0020 blank", "a key with blanks in its text", null)]
    [InlineData("OriginGuard:Rejection:ReferenceKey is one of the shared secrets", GuardedApp.Secret, null)]
    [InlineData("OriginGuard:Rejection:ReferenceKey and ReferenceKeyFile are both set", Key, "/run/key")]
    [InlineData("OriginGuard:Rejection:ReferenceKeyFile (\"/nowhere/key\") does not exist", null, "/nowhere/key")]
    [InlineData("OriginGuard:Rejection:ReferenceKeyFile (\"/\") is a directory", null, "/")]
    public async Task A_mistake_ends_the_start_and_never_shows_the_key(string said, string? key, string? file)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync(("Rejection:ReferenceKey", key), ("Rejection:ReferenceKeyFile", file)));

        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(key ?? "(none)", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ReferenceKey", "SecretFiles")]
    [InlineData("ReferenceKeyFile", "SecretFiles")]
    [InlineData("ReferenceKeyFile", "Secrets")]
    public async Task A_secret_is_no_key_wherever_either_of_them_stands(string key, string secret)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "value");
        await File.WriteAllTextAsync(path, $"{Key}\n", TestContext.Current.CancellationToken);
        var (keyValue, secretValue) = (key == "ReferenceKey" ? Key : path, secret == "Secrets" ? Key : path);

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync(($"Rejection:{key}", keyValue), ($"SharedSecret:{secret}:0", secretValue)));

        Assert.Contains($"OriginGuard:Rejection:{key} is one of the shared secrets", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_more_than_the_key_is_a_mistake_that_says_what_it_must_hold()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "key");
        await File.WriteAllTextAsync(path, $"{Key}\n{Key}\n", TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync(("Rejection:ReferenceKeyFile", path)));

        Assert.Contains("The file must hold one key and nothing else.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_in_JSON_have_no_key() =>
        Assert.DoesNotContain(Key, JsonSerializer.Serialize(new OriginGuardOptions { Rejection = { ReferenceKey = Key } }), StringComparison.Ordinal);

    [Fact]
    public async Task A_browser_gets_a_small_page_without_a_reason()
    {
        await using var app = await GuardedApp.StartAsync();
        await using var withKey = await GuardedApp.StartAsync(WithKey);

        var plain = await app.SendAsync(GuardedApp.Stranger, Browser);
        var other = await app.SendAsync(GuardedApp.LoadBalancer, Browser);
        var page = await TextOf(plain);
        var sealedPage = await TextOf(await withKey.SendAsync(GuardedApp.Stranger, Browser));

        Assert.Equal((403, "text/html; charset=utf-8"), (plain.Response.StatusCode, plain.Response.ContentType));
        Assert.Equal(("no-store", "nosniff"), ((string?)plain.Response.Headers.CacheControl, (string?)plain.Response.Headers.XContentTypeOptions));
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", plain.Response.Headers.ContentSecurityPolicy);
        Assert.Contains("<h1>403 Forbidden</h1>", page, StringComparison.Ordinal);
        Assert.Equal(page, await TextOf(other));
        Assert.DoesNotContain("address", page[page.IndexOf("<p>", StringComparison.Ordinal)..].Replace("usual address", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.EndsWith("</body></html>\n", sealedPage, StringComparison.Ordinal);
        Assert.Equal(RefusalReason.AddressOutsideRanges, Open(sealedPage).Reason);
    }

    [Fact]
    public async Task The_page_says_when_to_come_back_and_the_reason_where_answers_may_name_it()
    {
        (string, string?)[] withReason = [("Rejection:IncludeReason", "true")];
        await using var app = await GuardedApp.StartAsync(withReason);
        await using var blind = await GuardedApp.StartAsync([.. withReason, ("SourceAddress:RecordNames", null), ("SourceAddress:RecordNames:0", "nothing.invalid"), ("Dns:Servers:0", "127.0.0.1:1"), ("Dns:Attempts", "1")]);

        var refused = await TextOf(await app.SendAsync(GuardedApp.Stranger, Browser));
        var undetermined = await TextOf(await blind.SendAsync(GuardedApp.Stranger, Browser));

        Assert.Contains("<p>This server does not answer this request. Open the site by its usual address.</p>\n<p><code>address.outside_ranges</code></p>\n</body>", refused, StringComparison.Ordinal);
        Assert.Contains("<h1>503 Service Unavailable</h1>\n<p>This server cannot tell at the moment whether it may answer. Try again in a few seconds.</p>", undetermined, StringComparison.Ordinal);
        Assert.Contains("<code>address.ranges_unavailable</code>", undetermined, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_that_has_no_name_is_called_by_its_number()
    {
        await using var app = await GuardedApp.StartAsync(("Rejection:StatusCode", "427"));

        Assert.Equal("""{"type":"about:blank","title":"427","status":427}""", await BodyAsync(app));
        Assert.Contains("<h1>427 427</h1>", await TextOf(await app.SendAsync(GuardedApp.Stranger, Browser)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json, text/html")]
    [InlineData("*/*")]
    [InlineData("")]
    public async Task A_program_gets_problem_details(string accept)
    {
        await using var app = await GuardedApp.StartAsync();

        var context = await app.SendAsync(GuardedApp.Stranger, request => request.Headers.Accept = accept);

        Assert.Equal("application/problem+json", context.Response.ContentType);
    }

    private static void Browser(HttpRequest request) => request.Headers.Accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private static async Task<RefusalRecord> RecordAsync(GuardedApp app, IPAddress? peer, Action<HttpRequest>? request = null) => Open(await TextOf(await app.SendAsync(peer, request)));

    private static RefusalRecord Open(string text)
    {
        var record = ReferenceKey.From(Key).Open(ReferenceText.Find(text) ?? "", out var problem);
        Assert.Null(problem);
        return record!;
    }

    private static async Task<string> BodyAsync(GuardedApp app) => await TextOf(await app.SendAsync(GuardedApp.Stranger));

    private static string ReferenceOf(string body) => JsonElement.Parse(body).GetProperty("reference").GetString()!;

    // Form and id of the key, which every reference begins with.
    private static string KeyOf(string reference) => reference[..5];

    private static async Task<string> TextOf(HttpContext context)
    {
        using var reader = new StreamReader(context.Response.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
