using System.Net;
using OriginGuard.Testing;
using Xunit;
using static OriginGuard.Tests.Testing.HeaderNormalizerTests.Load;

namespace OriginGuard.Tests.Testing;

/// <summary>
/// One row for each sentence that is documented about header lines, or that the simulator infers: what is sent, what is received.
/// </summary>
public class HeaderNormalizerTests
{
    private const string Client = "203.0.113.7";

    private static readonly Row[] Rows =
    [
        new("documented: repeated fields whose values form a list become one line, in order", Global(),
            ["accept: a", "user-agent: t", "Accept: b", "ACCEPT: c"],
            ["Accept: a,b,c", "User-Agent: t"]),
        new("documented: the classic load balancer merges like the global one", With(LoadBalancerKind.Classic),
            ["cache-control: no-cache", "cache-control: no-store"],
            ["Cache-Control: no-cache,no-store"]),
        new("documented: repeated Via lines become one, and the load balancer's follows", Global(),
            ["via: 1.0 a", "via: 1.1 b"],
            ["Via: 1.0 a,1.1 b,1.1 google"]),
        new("documented: Set-Cookie is never merged", Merging(),
            ["set-cookie: a=1", "set-cookie: b=2"],
            ["Set-Cookie: a=1", "Set-Cookie: b=2"]),
        new("documented: fields that cannot be lists are not merged", Merging(),
            ["authorization: Basic a", "authorization: Basic b", "referer: a", "referer: b"],
            ["Authorization: Basic a", "Authorization: Basic b", "Referer: a", "Referer: b"]),
        new("inferred: lines of Cookie become one, in the place of the first", Global(),
            ["cookie: a=1", "accept: b", "Cookie: b=2; c=3", "cookie: d"],
            ["Cookie: a=1; b=2; c=3; d", "Accept: b"]),
        new("inferred: on a regional load balancer too", With(LoadBalancerKind.Regional),
            ["cookie: a=1", "cookie: b=2"],
            ["cookie: a=1; b=2"]),
        new("documented on another page: names are lower case", Spelled(HeaderSpelling.LowerCase),
            ["User-Agent: t", "Accept-CH: x", "X-ABC: 1", "accept: a", "Accept: b"],
            ["user-agent: t", "accept-ch: x", "x-abc: 1", "accept: a,b"]),
        new("not documented: unregistered fields may stay apart", Global(),
            ["x-origin-guard: a", "x-origin-guard: b"],
            ["X-Origin-Guard: a", "X-Origin-Guard: b"]),
        new("not documented: unregistered fields may be merged", Merging(),
            ["x-origin-guard: a", "x-origin-guard: b"],
            ["X-Origin-Guard: a,b"]),
        new("documented: towards HTTP names are capitalised at the start and after each hyphen", Global(),
            ["user-agent: t", "content-encoding: gzip", "x-a-bc: 1"],
            ["User-Agent: t", "Content-Encoding: gzip", "X-A-Bc: 1"]),
        new("documented: towards HTTPS names are spelled as towards HTTP", Towards(BackendProtocol.Https),
            ["user-agent: t", "accept-ch: x"],
            ["User-Agent: t", "Accept-CH: x"]),
        new("documented: names with a spelling of their own get it", Global(),
            ["accept-ch: x", "etag: 1", "dnt: 1", "sec-ch-ua: a", "content-md5: a", "http2-settings: a", "www-authenticate: a", "sec-websocket-key: a"],
            ["Accept-CH: x", "ETag: 1", "DNT: 1", "Sec-CH-UA: a", "Content-MD5: a", "HTTP2-Settings: a", "WWW-Authenticate: a", "Sec-WebSocket-Key: a"]),
        new("documented: towards HTTP/2 names are lower case", Towards(BackendProtocol.Http2),
            ["User-Agent: t", "Accept-CH: x", "X-ABC: 1"],
            ["user-agent: t", "accept-ch: x", "x-abc: 1"]),
        new("documented: fields are merged towards HTTP/2 as well", Towards(BackendProtocol.Http2),
            ["Accept: a", "Accept: b"],
            ["accept: a,b"]),
        new("documented: a regional load balancer does nothing special", With(LoadBalancerKind.Regional),
            ["Accept: a", "X-Origin-Guard: 1", "accept: b", "x-origin-guard: 2"],
            ["accept: a", "x-origin-guard: 1", "accept: b", "x-origin-guard: 2"]),
        new("documented: hop-by-hop fields are not propagated", Global(),
            ["keep-alive: 1", "transfer-encoding: chunked", "te: trailers", "connection: keep-alive", "trailer: a", "upgrade: h2c",
                "proxy-authorization: a", "proxy-authenticate: a"],
            []),
        new("inferred: fields that Connection names are not propagated", Global(),
            ["Connection: close, X-Private", "connection: x-other", "x-private: 1", "x-other: 2", "x-public: 3"],
            ["X-Public: 3"]),
        new("inferred: Connection cannot take away Host and Content-Length", Global(),
            ["Connection: Host, Content-Length", "Host: origin.test", "Content-Length: 3"],
            ["Host: origin.test", "Content-Length: 3"]),
        new("inferred: Connection cannot take away what the load balancer adds", Global(new CustomRequestHeader("X-Origin-Guard", "s")),
            ["Connection: X-Origin-Guard, X-Forwarded-For", "X-Origin-Guard: mine", "X-Forwarded-For: mine"],
            ["X-Forwarded-For: 203.0.113.7,198.51.100.1", "X-Origin-Guard: s"]),
        new("documented: X-Forwarded-For is client and load balancer", Global(),
            [],
            ["X-Forwarded-For: 203.0.113.7,198.51.100.1"]),
        new("documented: X-Forwarded-For follows what the client sent, with single commas and unverified", Global(),
            ["x-forwarded-for: 1.2.3.4, unknown thing", "x-forwarded-for: 5.6.7.8"],
            ["X-Forwarded-For: 1.2.3.4, unknown thing,5.6.7.8,203.0.113.7,198.51.100.1"]),
        new("inferred: a regional load balancer appends to X-Forwarded-For like the others", With(LoadBalancerKind.Regional),
            ["X-Forwarded-For: 1.2.3.4", "X-Forwarded-For: 5.6.7.8"],
            ["x-forwarded-for: 1.2.3.4,5.6.7.8,203.0.113.7,198.51.100.1"]),
        new("documented: Via is always added", Global(),
            [],
            ["Via: 1.1 google"]),
        new("inferred: X-Forwarded-Proto is the load balancer's word", Global(),
            ["X-Forwarded-Proto: http"],
            ["X-Forwarded-Proto: https"]),
        new("inferred: a client's trace is passed on", Global(),
            ["x-cloud-trace-context: abc/1"],
            ["X-Cloud-Trace-Context: abc/1"]),
        new("documented: Host is preserved", Global(),
            ["host: www.client.test"],
            ["Host: www.client.test"]),
        new("documented: a custom Host replaces it", Global(new CustomRequestHeader("Host", "origin.test")),
            ["host: www.client.test"],
            ["Host: origin.test"]),
        new("documented: a custom header of the backend service overwrites every line of its name", Global(new CustomRequestHeader("X-Origin-Guard", "secret")),
            ["x-origin-guard: guess", "X-ORIGIN-GUARD: guess 2"],
            ["X-Origin-Guard: secret"]),
        new("documented: without replace the value is appended to what the client sent", Global(new CustomRequestHeader("X-Origin-Guard", "secret", replace: false)),
            ["x-origin-guard: guess"],
            ["X-Origin-Guard: guess", "X-Origin-Guard: secret"]),
        new("documented: an appended value of a merged field ends up in its line", Merging(new CustomRequestHeader("X-Origin-Guard", "secret", replace: false)),
            ["x-origin-guard: guess"],
            ["X-Origin-Guard: guess,secret"]),
        new("documented: variables expand, doubled braces do not, blanks at the ends go, unknown becomes nothing",
            Global(new CustomRequestHeader("X-Client", " {client_ip_address} via {server_ip_address} {{{hostname}}} {tls_sni_hostname}.{client_encrypted} ")),
            ["host: www.client.test"],
            ["Host: www.client.test", "X-Client: 203.0.113.7 via 198.51.100.1 {www.client.test} .true"]),
        new("documented: a custom header may be empty", Global(new CustomRequestHeader("X-Empty", "")),
            ["x-empty: full"],
            ["X-Empty: "]),
        new("seen: a custom X-Forwarded-For replaces the chain", Global(new CustomRequestHeader("X-Forwarded-For", "{client_ip_address},{server_ip_address}")),
            ["x-forwarded-for: 1.2.3.4"],
            ["X-Forwarded-For: 203.0.113.7,198.51.100.1"]),
        new("documented: with IAP on, X-Goog-* of the client are removed and the assertion is added", BehindIap("signed"),
            ["X-Goog-IAP-JWT-Assertion: forged", "x-goog-authenticated-user-email: a@b", "x-google: stays"],
            ["X-Google: stays", "X-Goog-Iap-Jwt-Assertion: signed"]),
        new("documented: with IAP off nothing is removed", Global(),
            ["x-goog-iap-jwt-assertion: forged"],
            ["X-Goog-Iap-Jwt-Assertion: forged"]),
        new("simulated: IAP on and no assertion, as when a mistake takes it away", BehindIap(null),
            ["x-goog-iap-jwt-assertion: forged"],
            []),
    ];

    public static TheoryData<string> Sentences => [.. Rows.Select(row => row.Sentence)];

    [Theory]
    [MemberData(nameof(Sentences))]
    public void The_origin_receives(string sentence)
    {
        var row = Rows.Single(row => row.Sentence == sentence);

        var received = new HeaderNormalizer(row.Options)
            .Normalize(HeaderText.Parse(row.Sent), new Uri("https://www.client.test/path?query"), IPAddress.Parse(Client));

        // The row speaks of the names that it mentions, whichever way they are written.
        var names = HeaderText.Parse(row.Sent.Concat(row.Received)).Select(line => line.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.Equal(row.Received, HeaderText.Format(received.Where(line => names.Contains(line.Key))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("X Space")]
    [InlineData("X-Caf\u00e9")]
    [InlineData("X:Colon")]
    [InlineData("X-Line\nX-Other")]
    public void A_name_that_is_no_token_is_refused(string name) => Assert.Contains(
        "header line 2 is no token",
        Assert.Throws<ArgumentException>(() => new HeaderNormalizer(new()).Normalize([new("Accept", "a"), new(name, "b")], new Uri("http://a.test/"), IPAddress.Loopback)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_request_without_a_trace_gets_a_new_one()
    {
        var normalizer = new HeaderNormalizer(new());

        string Trace() => normalizer.Normalize([], new Uri("https://a.test/"), IPAddress.Loopback).Single(line => line.Key == "X-Cloud-Trace-Context").Value;

        Assert.Matches("^[0-9a-f]{32}/[0-9]+$", Trace());
        Assert.NotEqual(Trace(), Trace());
    }

    [Fact]
    public void A_request_without_a_host_gets_the_one_that_it_asked_for() =>
        Assert.Contains(new("Host", "a.test:81"), new HeaderNormalizer(new()).Normalize([], new Uri("http://a.test:81/"), IPAddress.Loopback));

    [Fact]
    public void A_client_on_a_dual_stack_socket_is_written_as_the_address_that_it_has() =>
        Assert.Contains(
            new("X-Forwarded-For", "192.0.2.1,198.51.100.1"),
            new HeaderNormalizer(new()).Normalize([], new Uri("http://a.test/"), IPAddress.Parse("::ffff:192.0.2.1")));

    [Fact]
    public void The_assertion_can_depend_on_what_the_client_asked_for()
    {
        var normalizer = new HeaderNormalizer(new() { IapAssertion = uri => uri.Query });

        var received = normalizer.Normalize([], new Uri("https://a.test/?gcp-iap-mode=SECURE_TOKEN_TEST"), IPAddress.Loopback);

        Assert.Contains(new("X-Goog-Iap-Jwt-Assertion", "?gcp-iap-mode=SECURE_TOKEN_TEST"), received);
    }

    [Theory]
    [InlineData("a.b.c\n")]
    [InlineData("a\0b")]
    public void An_assertion_with_a_control_character_is_refused(string assertion) => Assert.Contains(
        "control character",
        Assert.Throws<InvalidOperationException>(() => new HeaderNormalizer(BehindIap(assertion)).Normalize([], new Uri("https://a.test/"), IPAddress.Loopback)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("OPTIONS", "Origin: https://shop.test\nAccess-Control-Request-Method: PUT", false)]
    [InlineData("OPTIONS", "Origin: https://shop.test\nAccess-Control-Request-Method: PUT\nX-Goog-Iap-Jwt-Assertion: forged", false)]
    [InlineData("GET", "Origin: https://shop.test\nAccess-Control-Request-Method: PUT", true)]
    [InlineData("OPTIONS", "Origin: https://shop.test", true)]
    [InlineData("OPTIONS", "Access-Control-Request-Method: PUT", true)]
    [InlineData("OPTIONS", "Origin: https://shop.test\nOrigin: https://shop.test\nAccess-Control-Request-Method: PUT", true)]
    [InlineData("OPTIONS", "Origin: https://shop.test\nAccess-Control-Request-Method: PUT\nCookie: a=1", true)]
    [InlineData("OPTIONS", "Origin: https://shop.test\nAccess-Control-Request-Method: PUT\nAuthorization: Basic a", true)]
    public void Behind_iap_every_request_but_a_preflight_has_an_assertion(string method, string sent, bool hasAssertion)
    {
        string[] expected = hasAssertion ? ["X-Goog-Iap-Jwt-Assertion: signed"] : [];

        var received = new HeaderNormalizer(BehindIap("signed")).Normalize(HeaderText.Parse(sent.Split('\n')), new Uri("https://a.test/"), IPAddress.Loopback, method);

        Assert.Equal(
            expected,
            HeaderText.Format(received.Where(line => line.Key.StartsWith("X-Goog-", StringComparison.Ordinal))));
    }

    public static TheoryData<string, string[]> Payloads => new()
    {
        {
            """{"sub":"accounts.google.com:118","email":"ada@example.com"}""",
            ["X-Goog-Authenticated-User-Email: accounts.google.com:ada@example.com", "X-Goog-Authenticated-User-Id: accounts.google.com:118"]
        },
        {
            """{"sub":"securetoken.google.com/p/t:1","email":"securetoken.google.com/p/t:ada@example.com"}""",
            ["X-Goog-Authenticated-User-Email: securetoken.google.com/p/t:ada@example.com", "X-Goog-Authenticated-User-Id: securetoken.google.com/p/t:1"]
        },
        { """{"sub":"118","email":"ada@example.com"}""", ["X-Goog-Authenticated-User-Email: accounts.google.com:ada@example.com", "X-Goog-Authenticated-User-Id: 118"] },
        { """{"sub":"sts.google.com:1"}""", ["X-Goog-Authenticated-User-Id: sts.google.com:1"] },
        { """{"email":"ada@example.com"}""", [] },
        { """{"sub":1}""", [] },
        { """{"sub":""}""", [] },
        { """{"sub":"a\r\nb"}""", [] },
        { """{"sub":"\ud800"}""", [] },
        { "[]", [] },
        { "no JSON", [] },
    };

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Beside_an_assertion_go_the_unsigned_headers_with_what_it_says(string payload, string[] headers)
    {
        using var issuer = new IapAssertionIssuer();

        var received = new HeaderNormalizer(BehindIap(issuer.Sign(payload))).Normalize(
            HeaderText.Parse("X-Goog-Authenticated-User-Email: accounts.google.com:eve@example.com"), new Uri("https://a.test/"), IPAddress.Loopback);

        Assert.Equal(headers, HeaderText.Format(received.Where(line => line.Key.StartsWith("X-Goog-Authenticated-User-", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("signed")]
    [InlineData("a.%.c")]
    [InlineData("a.e30.c.d")]
    public void What_is_no_jwt_names_nobody(string assertion) => Assert.DoesNotContain(
        new HeaderNormalizer(BehindIap(assertion)).Normalize([], new Uri("https://a.test/"), IPAddress.Loopback),
        line => line.Key.StartsWith("X-Goog-Authenticated-User-", StringComparison.Ordinal));

    [Fact]
    public void Settings_that_change_later_have_no_effect()
    {
        var options = new SimulatedLoadBalancerOptions();
        var normalizer = new HeaderNormalizer(options);
        options.Protocol = BackendProtocol.Http2;

        Assert.Contains(new("Via", "1.1 google"), normalizer.Normalize([], new Uri("http://a.test/"), IPAddress.Loopback));
    }

    internal static class Load
    {
        public static SimulatedLoadBalancerOptions Global(params CustomRequestHeader[] custom) => new() { CustomRequestHeaders = custom };

        public static SimulatedLoadBalancerOptions Merging(params CustomRequestHeader[] custom) =>
            new() { CustomRequestHeaders = custom, MergeUnknownHeaders = true };

        public static SimulatedLoadBalancerOptions With(LoadBalancerKind kind) => new() { Kind = kind, MergeUnknownHeaders = true };

        public static SimulatedLoadBalancerOptions Towards(BackendProtocol protocol) => new() { Protocol = protocol };

        public static SimulatedLoadBalancerOptions Spelled(HeaderSpelling spelling) => new() { Spelling = spelling };

        public static SimulatedLoadBalancerOptions BehindIap(string? assertion) => new() { IapAssertion = _ => assertion };
    }

    private sealed record Row(string Sentence, SimulatedLoadBalancerOptions Options, string[] Sent, string[] Received);
}
