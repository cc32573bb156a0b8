using OriginGuard.Settings;
using Xunit;

namespace OriginGuard.Tests.SharedSecret;

public sealed class HeaderNameRulesTests
{
    [Theory]
    [InlineData("Authorization Cookie Set-Cookie Origin Referer User-Agent Expect Date Cache-Control Range Upgrade TE")]
    [InlineData("Accept Accept-Encoding Accept-Language Content-Type Content-Encoding Content-Length If-Match If-None-Match If-Modified-Since")]
    [InlineData("Sec-Fetch-Site Sec-WebSocket-Key Access-Control-Request-Method Proxy-Authorization")]
    [InlineData("X-Forwarded-For X-Forwarded-Prefix X-Original-For X-Original-URL Forwarded Via X-Real-IP X-User-IP")]
    [InlineData("traceparent tracestate baggage X-Cloud-Trace-Context X-B3-TraceId X-Datadog-Trace-Id sentry-trace Request-Id")]
    [InlineData("X-Serverless-Authorization MS-ASPNETCORE-TOKEN Api-Version")]
    [InlineData("User.Agent Content.Type X.Goog.Iap.Jwt.Assertion X.Forwarded-For")] // a dot is a hyphen, as in a look-alike
    [InlineData("x-goog-iap-jwt-assertion x-google-anything X-GFE-x X-Amz-Date RequestVerificationToken")]
    public void Names_that_others_need_carry_no_secret(string names) => Assert.All(names.Split(' '), static name =>
    {
        Assert.NotNull(HeaderNameRules.Problem(name));
        Assert.NotNull(HeaderNameRules.Problem(name.ToUpperInvariant()));
    });

    [Theory]
    [InlineData("X-Origin-Guard")]
    [InlineData("X-Origin")]
    [InlineData("X-Forwarded")]
    [InlineData("X-Door")]
    [InlineData("Origin-Guard")]
    [InlineData("Acceptance")]
    [InlineData("Secret")]
    [InlineData("X.Origin.Guard")]
    public void A_name_of_ones_own_does(string name) => Assert.Null(HeaderNameRules.Problem(name));

    [Fact]
    public void A_name_has_1_to_128_characters()
    {
        Assert.Null(HeaderNameRules.Problem($"X-{new string('a', 126)}"));
        Assert.All((string?[])[null, "", $"X-{new string('a', 127)}"], static name => Assert.StartsWith("a header name of 1 to 128 characters is needed", HeaderNameRules.Problem(name), StringComparison.Ordinal));
    }

    [Fact]
    public void An_answer_does_not_repeat_what_was_typed() =>
        Assert.DoesNotContain("hunter2", HeaderNameRules.Problem("X-Goog-hunter2") + HeaderNameRules.Problem("Sec-hunter2") + HeaderNameRules.Problem("hunter2_"), StringComparison.Ordinal);
}
