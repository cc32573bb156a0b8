using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Testing;

/// <summary>A test server behind the load balancer, and the way around it.</summary>
public class InProcessTests
{
    private static readonly SimulatedLoadBalancerOptions WithSecret = new() { CustomRequestHeaders = [new("X-Origin-Guard", "secret")] };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Through_the_load_balancer_200_and_around_it_403()
    {
        await using var app = await StartAsync(GuardAsync);
        using var through = SimulatedLoadBalancer.CreateClient(app.GetTestServer(), WithSecret);
        using var around = SimulatedLoadBalancer.CreateDirectClient(app.GetTestServer(), IPAddress.Parse("203.0.113.7"));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(through));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(around));
    }

    [Fact]
    public async Task A_direct_client_cannot_pretend_by_headers_alone()
    {
        await using var app = await StartAsync(GuardAsync);
        using var around = SimulatedLoadBalancer.CreateDirectClient(app.GetTestServer(), IPAddress.Parse("203.0.113.7"));
        around.DefaultRequestHeaders.Add("X-Origin-Guard", "secret");
        around.DefaultRequestHeaders.Add("X-Forwarded-For", "34.96.0.1");

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(around));
    }

    [Fact]
    public async Task Another_load_balancer_comes_from_the_same_place_without_the_secret()
    {
        await using var app = await StartAsync(GuardAsync);
        using var another = SimulatedLoadBalancer.CreateClient(app.GetTestServer());

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(another));
    }

    [Fact]
    public async Task The_application_receives_the_lines_of_the_normalizer_in_their_spelling()
    {
        await using var app = await StartAsync(DescribeAsync);
        using var client = SimulatedLoadBalancer.CreateClient(
            app.GetTestServer(), new() { CustomRequestHeaders = [new("X-Origin-Guard", "secret", replace: false)] });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/a?b");
        request.Headers.Add("x-origin-guard", ["one", "two"]);
        request.Headers.Add("accept", ["a/b", "c/d"]);
        request.Headers.Add("accept-ch", "x");
        request.Headers.Add("x-cloud-trace-context", "t/1");
        request.Headers.UserAgent.ParseAdd("test/1 (a comment)");

        using var response = await client.SendAsync(request, Token);

        Assert.Equal(
            [
                "GET http://localhost/a?b HTTP/1.1 from 34.96.0.1",
                "Accept: a/b,c/d",
                "Accept-CH: x",
                "Host: localhost",
                "User-Agent: test/1 (a comment)",
                "Via: 1.1 google",
                "X-Cloud-Trace-Context: t/1",
                "X-Forwarded-For: 203.0.113.7,198.51.100.1",
                "X-Forwarded-Proto: http",
                "X-Origin-Guard: one",
                "X-Origin-Guard: two",
                "X-Origin-Guard: secret",
            ],
            Sorted(await response.Content.ReadAsStringAsync(Token)));
    }

    [Fact]
    public async Task The_application_behind_an_http2_backend_sees_http2_over_tls()
    {
        await using var app = await StartAsync(DescribeAsync);
        using var client = SimulatedLoadBalancer.CreateClient(
            app.GetTestServer(),
            new()
            {
                Protocol = BackendProtocol.Http2,
                SourceAddress = IPAddress.Parse("34.127.255.255"),
                ClientAddress = IPAddress.Parse("2001:db8::1"),
            });
        client.BaseAddress = new Uri("https://www.client.test");

        var lines = Sorted(await client.GetStringAsync(new Uri("/", UriKind.Relative), Token));

        Assert.Equal("GET https://www.client.test/ HTTP/2 from 34.127.255.255", lines[0]);
        Assert.Contains("x-forwarded-proto: https", lines);
        Assert.Contains("x-forwarded-for: 2001:db8::1,198.51.100.1", lines);
    }

    [Fact]
    public async Task A_regional_load_balancer_comes_from_the_address_of_your_own_nat()
    {
        await using var app = await StartAsync(DescribeAsync);
        using var client = SimulatedLoadBalancer.CreateClient(
            app.GetTestServer(), new() { Kind = LoadBalancerKind.Regional, SourceAddress = IPAddress.Parse("192.0.2.7") });

        Assert.EndsWith("from 192.0.2.7", Sorted(await client.GetStringAsync(new Uri("/", UriKind.Relative), Token))[0], StringComparison.Ordinal);
        var mistake = Assert.Throws<ArgumentException>(() => SimulatedLoadBalancer.CreateClient(app.GetTestServer(), new() { Kind = LoadBalancerKind.Regional }));
        Assert.Contains("your Cloud NAT address: set SourceAddress", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_without_an_address_asks_for_the_root()
    {
        await using var app = await StartAsync(static context => context.Response.WriteAsync(context.Request.Path));
        using var sender = new HttpMessageInvoker(SimulatedLoadBalancer.CreateHandler(app.GetTestServer()));
        using var request = new HttpRequestMessage();

        using var answer = await sender.SendAsync(request, Token);

        Assert.Equal("/", await answer.Content.ReadAsStringAsync(Token));
    }

    /// <summary>Google documents one limit, for the address of a request together with its headers.</summary>
    [Theory]
    [InlineData(LoadBalancerKind.Global, 29, 30, 200)]
    [InlineData(LoadBalancerKind.Global, 31, 30, 431)]
    [InlineData(LoadBalancerKind.Classic, 31, 30, 200)]
    [InlineData(LoadBalancerKind.Classic, 35, 30, 431)]
    public async Task Address_and_headers_pass_up_to_one_limit(LoadBalancerKind kind, int kibibytesOfAddress, int kibibytesOfHeaders, int status)
    {
        await using var app = await StartAsync(DescribeAsync);
        using var client = SimulatedLoadBalancer.CreateClient(app.GetTestServer(), new() { Kind = kind });
        client.DefaultRequestHeaders.Add("X-Large", new string('a', kibibytesOfHeaders * 1024));

        using var answer = await client.GetAsync(new Uri($"/?{new string('a', kibibytesOfAddress * 1024)}", UriKind.Relative), Token);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Bodies_pass_and_their_fields_with_them()
    {
        await using var app = await StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync($"{context.Request.ContentType} {context.Request.ContentLength} {await reader.ReadToEndAsync(context.RequestAborted)}");
        });
        using var client = SimulatedLoadBalancer.CreateClient(app.GetTestServer());
        using var body = new StringContent("body", Encoding.UTF8, "text/odd");

        using var response = await client.PostAsync(new Uri("/", UriKind.Relative), body, Token);

        Assert.Equal("text/odd; charset=utf-8 4 body", await response.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task With_iap_the_assertion_is_the_load_balancers()
    {
        await using var app = await StartAsync(DescribeAsync);
        using var client = SimulatedLoadBalancer.CreateClient(app.GetTestServer(), new() { IapAssertion = uri => $"for{uri.PathAndQuery}" });
        client.DefaultRequestHeaders.Add("x-goog-iap-jwt-assertion", "forged");

        var lines = Sorted(await client.GetStringAsync(new Uri("/a?b", UriKind.Relative), Token));

        Assert.Contains("X-Goog-Iap-Jwt-Assertion: for/a?b", lines);
        Assert.DoesNotContain(lines, line => line.Contains("forged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_probe_carries_neither_secret_nor_assertion_nor_anything_of_the_load_balancer()
    {
        await using var app = await StartAsync(DescribeAsync);
        using var probe = SimulatedLoadBalancer.CreateProbeClient(app.GetTestServer());

        Assert.Equal(
            ["GET http://localhost/healthz HTTP/1.1 from 35.191.0.1", "Host: localhost", "User-Agent: GoogleHC/1.0"],
            Sorted(await probe.GetStringAsync(new Uri("/healthz", UriKind.Relative), Token)));
    }

    [Fact]
    public async Task Many_load_balancers_share_one_application()
    {
        await using var app = await StartAsync(DescribeAsync);

        await Task.WhenAll(Enumerable.Range(1, 50).Select(async number =>
        {
            using var client = SimulatedLoadBalancer.CreateClient(
                app.GetTestServer(), new() { SourceAddress = new IPAddress([10, 0, 0, (byte)number]), CustomRequestHeaders = [new("X-Number", $"{number}")] });
            var lines = Sorted(await client.GetStringAsync(new Uri("/", UriKind.Relative), Token));
            Assert.Contains($"from 10.0.0.{number}", lines[0], StringComparison.Ordinal);
            Assert.Contains($"X-Number: {number}", lines);
        }));
    }

    [Fact]
    public async Task A_custom_header_that_google_would_not_take_is_found_when_the_client_is_made()
    {
        await using var app = await StartAsync(DescribeAsync);

        Assert.Throws<ArgumentException>(
            () => SimulatedLoadBalancer.CreateClient(app.GetTestServer(), new() { CustomRequestHeaders = [new("X-Goog-Secret", "secret")] }));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var response = await client.GetAsync(new Uri("/", UriKind.Relative), Token);
        return response.StatusCode;
    }

    // A stand-in: the right peer and the right secret, exactly once.
    private static Task GuardAsync(HttpContext context)
    {
        var isFromGoogle = IPNetwork.Parse("34.96.0.0/20").Contains(context.Connection.RemoteIpAddress!);
        context.Response.StatusCode = isFromGoogle && context.Request.Headers["X-Origin-Guard"] is ["secret"] ? 200 : 403;
        return Task.CompletedTask;
    }

    private static Task DescribeAsync(HttpContext context)
    {
        var request = context.Request;
        var lines = request.Headers.SelectMany(field => field.Value.Select(value => $"{field.Key}: {value}"));
        var uri = $"{request.Scheme}://{request.Host}{request.Path}{request.QueryString}";
        var head = $"{request.Method} {uri} {request.Protocol} from {context.Connection.RemoteIpAddress}";
        return context.Response.WriteAsync(string.Join('\n', lines.Prepend(head)));
    }

    private static string[] Sorted(string description)
    {
        var lines = description.Split('\n');
        return [lines[0], .. lines[1..].OrderBy(line => line.Split(':')[0], StringComparer.Ordinal)];
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate handle)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        var app = builder.Build();
        app.Run(handle);
        await app.StartAsync(Token);
        return app;
    }
}
