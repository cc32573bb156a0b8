using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Testing;

/// <summary>A guarded application behind a simulated load balancer with IAP on.</summary>
public sealed class BehindIapTests
{
    private const string Audience = "/projects/123456789/global/backendServices/987654321";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>An assertion would let it go on to the application, which IAP's preflights do not.</summary>
    [Theory]
    [InlineData("/orders", 204)]
    [InlineData("/any", 405)] // there is no default policy
    public async Task Cors_alone_answers_a_preflight_as_in_production(string path, int status)
    {
        using var issuer = new IapAssertionIssuer();
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, Token);
        await using var app = await StartAsync(keys.Uri);
        using var client = Through(app, _ => issuer.Issue(Audience));
        using var preflight = new HttpRequestMessage(HttpMethod.Options, path);
        preflight.Headers.Add("Origin", "https://shop.example.com");
        preflight.Headers.Add("Access-Control-Request-Method", "GET");

        using var answer = await client.SendAsync(preflight, Token);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task An_application_whose_iap_layer_only_reports_is_told_of_the_user_in_the_unsigned_headers()
    {
        using var issuer = new IapAssertionIssuer();
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, Token);
        await using var app = await StartAsync(keys.Uri, LayerMode.ReportOnly);
        using var client = Through(app, _ => issuer.Issue(Audience, new IapIdentity { Subject = "accounts.google.com:118", Email = "grace@example.com" }));
        client.DefaultRequestHeaders.Add("X-Goog-Authenticated-User-Email", "accounts.google.com:eve@example.com");

        Assert.Equal("accounts.google.com:grace@example.com accounts.google.com:118", await client.GetStringAsync(new Uri("/any", UriKind.Relative), Token));
    }

    [Fact]
    public async Task What_a_test_s_own_code_throws_comes_out_of_the_client_of_a_test_server()
    {
        using var issuer = new IapAssertionIssuer();
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, Token);
        await using var app = await StartAsync(keys.Uri);
        using var client = Through(app, _ => throw new NotSupportedException("what the test asserts"));

        var thrown = await Assert.ThrowsAsync<NotSupportedException>(() => client.GetAsync(new Uri("/any", UriKind.Relative), Token));

        Assert.Equal("what the test asserts", thrown.Message);
    }

    [Fact]
    public async Task What_a_test_s_own_code_throws_is_a_500_of_a_listening_one_and_comes_out_of_it()
    {
        await using var origin = new RawOrigin();
        var loadBalancer = await SimulatedLoadBalancer.StartAsync(
            new() { Origin = origin.Address, IapAssertion = _ => throw new NotSupportedException("what the test asserts") }, Token);

        var answer = await RawClient.GetAsync(loadBalancer.Address, "/", ["Host: a"], Token);

        Assert.StartsWith("HTTP/1.1 500 ", answer, StringComparison.Ordinal);
        Assert.Contains("IapAssertion threw System.NotSupportedException: what the test asserts", answer, StringComparison.Ordinal);
        Assert.Empty(origin.Heads);
        Assert.Equal("what the test asserts", (await Assert.ThrowsAsync<NotSupportedException>(async () => await loadBalancer.DisposeAsync())).Message);
        await loadBalancer.DisposeAsync();
    }

    [Fact]
    public async Task An_assertion_that_ends_with_a_line_break_is_called_that_by_a_listening_one()
    {
        await using var origin = new RawOrigin();
        var loadBalancer = await SimulatedLoadBalancer.StartAsync(new() { Origin = origin.Address, IapAssertion = _ => "a.b.c\n" }, Token);

        var answer = await RawClient.GetAsync(loadBalancer.Address, "/", ["Host: a"], Token);

        Assert.Contains("a line break at its end", answer, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await loadBalancer.DisposeAsync());
    }

    private static HttpClient Through(WebApplication app, Func<Uri, string?> assertion) => SimulatedLoadBalancer.CreateClient(
        app.GetTestServer(), new() { CustomRequestHeaders = [new("X-Origin-Guard", GuardedApp.Secret)], IapAssertion = assertion });

    private static async Task<WebApplication> StartAsync(Uri keys, LayerMode iap = LayerMode.Enforce)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddCors(static cors => cors.AddPolicy("shop", static policy => policy.WithOrigins("https://shop.example.com")));
        builder.Services.AddOriginGuard(options =>
        {
            options.SourceAddress.RecordNames = [];
            options.SourceAddress.Networks = [IPNetwork.Parse("34.96.0.0/20")];
            options.SharedSecret.Secrets = [GuardedApp.Secret];
            options.Iap.Audiences = [Audience];
            options.Iap.KeysUri = keys;
            options.Iap.Mode = iap;
        });
        var app = builder.Build();
        app.UseOriginGuard();
        app.UseCors();
        app.MapGet("/orders", static () => "orders").RequireCors("shop");
        app.Map("/any", static (HttpContext context) =>
            $"{context.Request.Headers["X-Goog-Authenticated-User-Email"]} {context.Request.Headers["X-Goog-Authenticated-User-ID"]}");
        await app.StartAsync(Token);
        return app;
    }
}
