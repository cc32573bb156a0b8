using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Docs;

/// <summary>The code of docs/testing.md.</summary>
public sealed class TestingDocs
{
    private const string Audience = "/projects/123456789/global/backendServices/987654321";

    #region docs: application
    private const string Secret = "xVx3Zt0bqkQ8m1nHc5rYw7LpT2dGs9Ja";

    private static async Task<WebApplication> StartAsync(Action<OriginGuardOptions>? more = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddOriginGuard(options =>
        {
            options.SourceAddress.RecordNames = [];
            options.SourceAddress.Networks = [IPNetwork.Parse("34.96.0.0/20")];
            options.SharedSecret.Secrets = [Secret];
            more?.Invoke(options);
        });
        var app = builder.Build();
        app.UseOriginGuard();
        app.MapGet("/", (ClaimsPrincipal user) => user.Identity?.Name ?? "nobody");
        app.MapGet("/healthz", () => "alive").AllowDirectAccess();
        await app.StartAsync();
        return app;
    }
    #endregion

    #region docs: through-and-around
    [Fact]
    public async Task Through_the_load_balancer_200_and_around_it_403()
    {
        await using var app = await StartAsync();
        using var through = SimulatedLoadBalancer.CreateClient(app.GetTestServer(), new() { CustomRequestHeaders = [new("X-Origin-Guard", Secret)] });
        using var around = SimulatedLoadBalancer.CreateDirectClient(app.GetTestServer(), IPAddress.Parse("203.0.113.7"));

        Assert.Equal(HttpStatusCode.OK, (await through.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await around.GetAsync("/")).StatusCode);
    }
    #endregion

    #region docs: another-customer-and-a-probe
    [Fact]
    public async Task Another_customers_load_balancer_is_refused_and_a_probe_sees_its_endpoint_only()
    {
        await using var app = await StartAsync();
        using var another = SimulatedLoadBalancer.CreateClient(app.GetTestServer());
        using var probe = SimulatedLoadBalancer.CreateProbeClient(app.GetTestServer());

        Assert.Equal(HttpStatusCode.Forbidden, (await another.GetAsync("/")).StatusCode);
        Assert.Equal("alive", await probe.GetStringAsync("/healthz"));
        Assert.Equal(HttpStatusCode.Forbidden, (await probe.GetAsync("/")).StatusCode);
    }
    #endregion

    #region docs: iap
    [Theory]
    [InlineData(IapAssertionKind.NotSet, 200)]
    [InlineData(IapAssertionKind.PastExpiration, 403)]
    [InlineData(IapAssertionKind.Audience, 403)]
    [InlineData(IapAssertionKind.Signature, 403)]
    public async Task Only_a_valid_assertion_is_admitted(IapAssertionKind kind, int status)
    {
        using var issuer = new IapAssertionIssuer();
        await using var keys = await IapKeyEndpoint.StartAsync(issuer);
        await using var app = await StartAsync(options =>
        {
            options.Iap.Audiences = [Audience];
            options.Iap.KeysUri = keys.Uri;
        });
        using var through = SimulatedLoadBalancer.CreateClient(app.GetTestServer(), new()
        {
            CustomRequestHeaders = [new("X-Origin-Guard", Secret)],
            IapAssertion = _ => issuer.Issue(Audience, new IapIdentity { Email = "grace@example.com" }, kind),
        });

        var response = await through.GetAsync("/");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 200, await response.Content.ReadAsStringAsync() == "grace@example.com");
    }
    #endregion

    #region docs: cloud-run
    [Fact]
    public async Task On_cloud_run_the_last_entry_of_the_header_is_the_peer()
    {
        await using var app = await StartAsync(options => options.Platform = OriginPlatform.CloudRun);
        using var through = SimulatedLoadBalancer.CreateClient(app.GetTestServer(), OnCloudRun("34.96.0.1"));
        using var around = SimulatedLoadBalancer.CreateClient(app.GetTestServer(), OnCloudRun("203.0.113.7"));
        around.DefaultRequestHeaders.Add("X-Forwarded-For", "34.96.0.1"); // says so, and stays in front

        Assert.Equal(HttpStatusCode.OK, (await through.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await around.GetAsync("/")).StatusCode);
    }

    private static SimulatedLoadBalancerOptions OnCloudRun(string peer) => new()
    {
        SourceAddress = IPAddress.Parse("169.254.1.1"),
        CustomRequestHeaders =
        [
            new("X-Origin-Guard", Secret),
            new("X-Forwarded-For", peer, replace: false),
        ],
    };
    #endregion

    #region docs: google-cloud-backend
    [Fact]
    public async Task A_backend_in_Google_Cloud_is_reached_from_Googles_front_ends()
    {
        await using var app = await StartAsync(options =>
        {
            options.Platform = OriginPlatform.GoogleCloudBackend;
            options.SourceAddress.Networks = null; // those of the platform
        });
        using var through = SimulatedLoadBalancer.CreateClient(app.GetTestServer(), new()
        {
            SourceAddress = IPAddress.Parse("35.191.0.1"),
            CustomRequestHeaders = [new("X-Origin-Guard", Secret)],
        });

        Assert.Equal(HttpStatusCode.OK, (await through.GetAsync("/")).StatusCode);
    }
    #endregion

    #region docs: regional
    [Fact]
    public async Task A_regional_load_balancer_comes_from_your_own_nat()
    {
        await using var app = await StartAsync(options =>
        {
            options.Platform = OriginPlatform.InternetNegRegional;
            options.SourceAddress.Networks = [IPNetwork.Parse("192.0.2.10/32")];
        });
        using var through = SimulatedLoadBalancer.CreateClient(app.GetTestServer(), new()
        {
            Kind = LoadBalancerKind.Regional,
            SourceAddress = IPAddress.Parse("192.0.2.10"),
            CustomRequestHeaders = [new("X-Origin-Guard", Secret)],
        });

        Assert.Equal(HttpStatusCode.OK, (await through.GetAsync("/")).StatusCode);
    }
    #endregion

    [Fact]
    public void Headers_alone()
    {
        #region docs: headers-alone
        var loadBalancer = new HeaderNormalizer(new() { CustomRequestHeaders = [new("X-Origin-Guard", Secret)] });

        var lines = loadBalancer.Normalize(
            [new("accept", "text/html"), new("accept", "text/plain"), new("x-origin-guard", "a guess")], new Uri("https://www.example.com/"), IPAddress.Parse("203.0.113.7"));

        Assert.Contains(new("Accept", "text/html,text/plain"), lines);
        Assert.Contains(new("X-Origin-Guard", Secret), lines);
        Assert.Contains(new("X-Forwarded-For", "203.0.113.7,198.51.100.1"), lines);
        #endregion
    }

    #region docs: dns-outage
    [Fact]
    public async Task While_the_ranges_are_unknown_nobody_is_admitted()
    {
        await using var dns = LoopbackDnsServer.Start();
        dns.Behave(LoopbackDnsBehavior.ServerFailure);
        await using var app = await StartAsync(options =>
        {
            options.SourceAddress.RecordNames = ["ranges.test"];
            options.SourceAddress.Networks = [];
            options.Dns.Servers = [dns.EndPoint.ToString()];
        });
        using var through = SimulatedLoadBalancer.CreateClient(app.GetTestServer(), new() { CustomRequestHeaders = [new("X-Origin-Guard", Secret)] });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await through.GetAsync("/")).StatusCode);
    }
    #endregion

    [Fact]
    public async Task Over_real_sockets_the_record_and_the_peer_are_real_too()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux binds all of 127.0.0.0/8.");

        #region docs: real-sockets
        await using var dns = LoopbackDnsServer.Start();
        dns.SetTxt("ranges.test", "v=spf1 ip4:127.0.0.2 -all");

        var builder = WebApplication.CreateBuilder();
        builder.Services.AddOriginGuard(options =>
        {
            options.Dns.Servers = [dns.EndPoint.ToString()];
            options.SourceAddress.RecordNames = ["ranges.test"];
            options.SourceAddress.AllowNonPublicNetworks = true;
            options.SharedSecret.Secrets = [Secret];
        });
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseOriginGuard();
        app.MapGet("/", () => "inside");
        await app.StartAsync();

        var origin = new Uri(app.Urls.Single());
        await using var loadBalancer = await SimulatedLoadBalancer.StartAsync(new()
        {
            Origin = origin,
            CustomRequestHeaders = [new("X-Origin-Guard", Secret)],
        });
        using var through = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = loadBalancer.Address }; // whatever HTTP_PROXY says
        using var around = SimulatedLoadBalancer.CreateDirectClient(origin, IPAddress.Loopback);
        around.DefaultRequestHeaders.Add("X-Origin-Guard", Secret);

        Assert.Equal(HttpStatusCode.OK, (await through.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await around.GetAsync("/")).StatusCode);
        #endregion
    }
}
