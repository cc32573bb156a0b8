using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Testing;

/// <summary>What the load balancer takes as a custom request header, and what it says otherwise.</summary>
public class CustomRequestHeaderTests
{
    public static TheoryData<string, string> Refused => new()
    {
        { "", "not a header name" },
        { "X Origin", "not a header name" },
        { "X-Origin:", "not a header name" },
        { "X-Örigin", "not a header name" },
        { "x-user-ip", "reserved or hop-by-hop" },
        { "CDN-Loop", "reserved or hop-by-hop" },
        { "Authority", "reserved or hop-by-hop" },
        { "Keep-Alive", "reserved or hop-by-hop" },
        { "Transfer-Encoding", "reserved or hop-by-hop" },
        { "TE", "reserved or hop-by-hop" },
        { "connection", "reserved or hop-by-hop" },
        { "Trailer", "reserved or hop-by-hop" },
        { "Upgrade", "reserved or hop-by-hop" },
        { "Proxy-Authorization", "reserved or hop-by-hop" },
        { "Proxy-Authenticate", "reserved or hop-by-hop" },
        { "X-Google-Secret", "starts with X-Google" },
        { "x-google", "starts with X-Google" },
        { "x-goog-secret", "starts with X-Goog-" },
        { "X-GFE-Secret", "starts with X-GFE" },
        { "X-Amz-Secret", "starts with X-Amz-" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_name_that_Google_reserves_is_refused(string name, string rule) => AssertRefused(rule, new CustomRequestHeader(name, "value"));

    [Theory]
    [InlineData("X-Origin-Guard")]
    [InlineData("Host")]
    [InlineData("x_origin_guard")]
    [InlineData("X-Goo")]
    [InlineData("Amz-X")]
    public void Any_other_name_is_taken(string name) => _ = Create(new CustomRequestHeader(name, "value"));

    [Fact]
    public void A_regional_load_balancer_cannot_set_the_host()
    {
        var options = new SimulatedLoadBalancerOptions { Kind = LoadBalancerKind.Regional, CustomRequestHeaders = [new("host", "origin.test")] };

        Assert.Contains("'Host'", Assert.Throws<ArgumentException>(() => new HeaderNormalizer(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_host_is_set_and_never_appended()
    {
        AssertRefused("'Host' cannot be appended", new CustomRequestHeader("Host", "origin.test", replace: false));
        AssertRefused("'Host' cannot be appended", new CustomRequestHeader("host", "origin.test", replace: false));
    }

    [Theory]
    [InlineData("{hostname}", false)]
    [InlineData("a {client_ip_address} of {hostname}", false)]
    [InlineData("{client_ip_address}", true)]
    [InlineData("{{hostname}}", true)]
    [InlineData("hostname", true)]
    public void A_regional_load_balancer_has_no_variable_for_the_clients_host(string value, bool isTaken)
    {
        var options = new SimulatedLoadBalancerOptions { Kind = LoadBalancerKind.Regional, CustomRequestHeaders = [new("X-Forwarded-Host", value)] };

        var mistake = Record.Exception(() => new HeaderNormalizer(options));

        Assert.Equal(isTaken, mistake is null);
        Assert.True(isTaken || mistake!.Message.Contains("the variable {hostname}, which is documented for global and classic", StringComparison.Ordinal)); // not null: not taken
    }

    [Theory]
    [InlineData("line\r\nbreak", "visible ASCII")]
    [InlineData("nul\0", "visible ASCII")]
    [InlineData("del\u007f", "visible ASCII")]
    [InlineData("ümlaut", "visible ASCII")]
    [InlineData("{open", "brace")]
    [InlineData("close}", "brace")]
    [InlineData("{}", "brace")]
    [InlineData("{a{b}", "brace")]
    public void A_value_that_no_header_carries_is_refused(string value, string rule) => AssertRefused(rule, new CustomRequestHeader("X-A", value));

    [Theory]
    [InlineData("")]
    [InlineData("tab\tand blank")]
    [InlineData("{{literal}}")]
    [InlineData("{variable}")]
    public void Any_other_value_is_taken(string value) => _ = Create(new CustomRequestHeader("X-A", value));

    [Fact]
    public void A_name_may_be_there_once() =>
        AssertRefused("'X-A' is there 2 times", new CustomRequestHeader("X-A", "1"), new CustomRequestHeader("x-a", "2"));

    [Fact]
    public void Sixteen_headers_are_taken_and_no_more()
    {
        _ = Create(Many(16));

        AssertRefused("There are 17; 16 are allowed", Many(17));
    }

    [Fact]
    public void Eight_kilobytes_of_names_and_values_are_taken_and_no_more()
    {
        _ = Create(new CustomRequestHeader("X-A", new string('v', 8192 - 3)));

        AssertRefused("8193 bytes; 8192 are allowed", new CustomRequestHeader("X-A", new string('v', 8192 - 2)));
    }

    [Fact]
    public void Every_mistake_is_named_and_no_value_quoted()
    {
        var message = Assert.Throws<ArgumentException>(
            () => Create(new CustomRequestHeader("TE", "secret-1"), new CustomRequestHeader("X-A", "secret-2}"))).Message;

        Assert.Contains("'TE'", message, StringComparison.Ordinal);
        Assert.Contains("'X-A'", message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_text_keeps_the_value_to_itself()
    {
        Assert.Equal("X-A: 6 character(s)", new CustomRequestHeader("X-A", "secret").ToString());
        Assert.Equal("X-A: 6 character(s), appended", new CustomRequestHeader("X-A", "secret", replace: false).ToString());
    }

    private static CustomRequestHeader[] Many(int count) => [.. Enumerable.Range(0, count).Select(i => new CustomRequestHeader($"X-{i}", "v"))];

    private static HeaderNormalizer Create(params CustomRequestHeader[] headers) => new(new() { CustomRequestHeaders = headers });

    private static void AssertRefused(string rule, params CustomRequestHeader[] headers) =>
        Assert.Contains(rule, Assert.Throws<ArgumentException>(() => Create(headers)).Message, StringComparison.Ordinal);
}
