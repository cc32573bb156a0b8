using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OriginGuard.Startup;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using OriginGuard.Tests.Compatibility;
using Xunit;

namespace OriginGuard.Tests.Startup;

public sealed class WeakEndpointsTests
{
    [Theory]
    [InlineData("/healthz")]
    [InlineData("/health/")]
    [InlineData("readyz")]
    public async Task A_health_endpoint_without_exemption_is_pointed_out_at_the_start(string pattern)
    {
        await using var app = await StartAsync(pipeline => pipeline.MapGet(pattern, static () => "alive"));

        Assert.Contains($"/{pattern.Trim('/')} looks like a health endpoint", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/other", "GET", true)]
    [InlineData("/other", "", true)]
    [InlineData("/other", "POST", false)] // what browsers have measured
    [InlineData("/metrics", "GET", false)]
    public async Task Metrics_without_exemption_are_pointed_out_and_not_to_be_opened_to_everybody(string exempt, string method, bool expected)
    {
        await using var app = await StartAsync(pipeline => _ = method.Length > 0 ? pipeline.MapMethods("/metrics", [method], static () => "numbers") : pipeline.Map("/metrics", static () => "numbers"), ("Exemptions:0:Path", exempt));

        string[] expectation = expected
            ? ["/metrics has no exemption: a scraper that goes around the load balancer is refused, and no alert on these metrics can fire. "
                + "Add an entry of OriginGuard:Exemptions with the scraper's networks."]
            : [];
        Assert.Equal(expectation, app.Logs.WithId(4007).Select(static line => line.Message));
    }

    [Fact]
    public async Task Health_checks_are_recognised_whatever_their_path()
    {
        await using var app = await StartAsync(static pipeline => pipeline.MapHealthChecks("/internal/state"));

        Assert.Contains("/internal/state looks like", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exempted_health_endpoint_is_not()
    {
        await using var app = await StartAsync(
            static pipeline =>
            {
                pipeline.MapHealthChecks("/healthz").AllowDirectAccess();
                pipeline.MapGet("/livez", static () => "alive");
                pipeline.MapGet("/health-of-fish", static () => "an ordinary page");
            },
            ("Exemptions:0:Path", "/livez"));

        Assert.Empty(app.Logs.WithId(4007));
    }

    [Fact]
    public async Task A_reload_that_takes_the_exemption_away_is_pointed_out()
    {
        await using var app = await StartAsync(static pipeline => pipeline.MapGet("/livez", static () => "alive"), ("Exemptions:0:Path", "/livez"));

        app.Reload(("Exemptions:0:Path", "/elsewhere"));

        Assert.Contains("/livez", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_weakness_that_goes_and_comes_back_is_pointed_out_again_and_one_that_stays_is_not()
    {
        await using var app = await StartAsync(static pipeline => pipeline.MapGet("/livez", static () => "alive"));

        app.Reload(("Exemptions:0:Path", "/livez"));
        Assert.Single(app.Logs.WithId(4007));
        app.Reload(("Exemptions:0:Path", "/elsewhere"));
        app.Reload(("Exemptions:0:Path", "/elsewhere-again"));

        Assert.Equal(2, app.Logs.WithId(4007).Count());
    }

    [Theory]
    [InlineData(ResponseCacheLocation.Any, 60, true)]
    [InlineData(ResponseCacheLocation.Client, 60, false)]
    [InlineData(ResponseCacheLocation.Any, 0, false)]
    public void An_answer_for_shared_caches_is_pointed_out_where_iap_is_on(ResponseCacheLocation location, int duration, bool expected)
    {
        var options = new OriginGuardOptions { Iap = { Audiences = ["/projects/1/apps/x"] } };

        Assert.Equal(expected, WeakEndpoints.Find(options, new([News(location, duration)], []), []).Any(static warning => warning.StartsWith("/news", StringComparison.Ordinal)));
        Assert.Equal(expected, WeakEndpoints.Find(options, new([], [News(location, duration)]), []).Any(static warning => warning.StartsWith("/news", StringComparison.Ordinal))); // in a branch
    }

    [Fact]
    public void An_answer_for_shared_caches_is_nobodys_business_without_iap() =>
        Assert.Empty(WeakEndpoints.Find(new OriginGuardOptions(), new([News(ResponseCacheLocation.Any, 60)], []), []));

    [Fact]
    public async Task A_guard_that_was_registered_and_not_used_is_pointed_out()
    {
        await using var unguarded = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: static app => app.Run(static context => context.Response.WriteAsync("open")));
        await using var guarded = await StartAsync(static _ => { });

        Assert.Contains("UseOriginGuard was not", Assert.Single(unguarded.Logs.WithId(4009)).Message, StringComparison.Ordinal);
        Assert.Empty(guarded.Logs.WithId(4009));
    }

    [Fact]
    public async Task An_exempt_endpoint_that_takes_every_path_opens_none()
    {
        await using var app = await StartAsync(static pipeline =>
        {
            pipeline.Map("/admin", static branch => branch.Run(static context => context.Response.WriteAsync("inside")));
            pipeline.MapFallback(static () => "everything else").AllowDirectAccess();
            pipeline.MapGet("/well-known/{**rest}", static () => "a branch of paths").AllowDirectAccess();
        });

        var admin = await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/admin");
        var other = await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/other");
        var known = await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/well-known/token");

        Assert.Equal((403, 403, 200), (admin.Response.StatusCode, other.Response.StatusCode, known.Response.StatusCode));
        Assert.Contains("AllowDirectAccess does not hold for /{*path:nonfile}", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{page}", "/admin")]
    [InlineData("{a?}", "/admin")]
    [InlineData("{tenant}/{**rest}", "/admin/users")]
    [InlineData("{tenant}/health", "/admin/health")]
    [InlineData("{name}.json", "/admin")]
    public async Task Nor_does_one_whose_path_begins_with_a_parameter(string pattern, string path)
    {
        await using var app = await StartAsync(pipeline =>
        {
            pipeline.Map("/admin", static branch => branch.Run(static context => context.Response.WriteAsync("inside")));
            pipeline.MapGet(pattern, static () => "probe").AllowDirectAccess();
        });

        var admin = await app.SendAsync(GuardedApp.Stranger, request => request.Path = path);

        Assert.Equal(403, admin.Response.StatusCode);
        Assert.Contains($"AllowDirectAccess does not hold for /{pattern}", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exempt_action_is_exempt_by_its_own_route_and_not_by_a_fallback()
    {
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Settings(),
            static services => services.AddControllersWithViews().AddApplicationPart(typeof(FallbackController).Assembly),
            static app =>
            {
                app.UseOriginGuard();
                app.Map("/admin", static branch => branch.Run(static context => context.Response.WriteAsync("inside")));
                app.MapControllerRoute("usual", "{controller}/{action}");
                app.MapFallbackToController(nameof(FallbackController.Probe), "Fallback");
            });

        var probe = await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/fallback/probe");
        var admin = await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/admin/users/7");

        Assert.Equal((200, 403), (probe.Response.StatusCode, admin.Response.StatusCode));
    }

    [Theory]
    [InlineData(9090, "anything:9090", 200)]
    [InlineData(8080, "anything:9090", 403)]
    [InlineData(0, "anything:9090", 403)]
    [InlineData(9091, "[::1]:9091", 200)]
    public async Task A_port_that_an_exempt_endpoint_requires_is_the_one_that_the_connection_came_in_by(int port, string host, int status)
    {
        await using var app = await StartAsync(static pipeline => pipeline.MapGet("/ops", static () => "numbers").RequireHost("*:9090", "*:9091").AllowDirectAccess());

        var context = await app.SendAsync(GuardedApp.Stranger, request =>
        {
            request.HttpContext.Connection.LocalPort = port;
            (request.Path, request.Host) = ("/ops", new HostString(host));
        });

        Assert.Equal(status, context.Response.StatusCode);
        Assert.Empty(app.Logs.WithId(4007));
    }

    /// <summary>As a container engine publishes a port: the caller names the outer one.</summary>
    [Fact]
    public async Task An_exempt_port_that_nobody_listens_on_is_pointed_out()
    {
        var logs = new LogRecorder();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.Services.AddOriginGuard(static options => (options.SourceAddress.RecordNames, options.SharedSecret.Secrets) = ([], [GuardedApp.Secret]));
        await using var app = builder.Build();
        app.UseOriginGuard();
        app.MapGet("/healthz", static () => "alive").RequireHost("*:9", "*:11").AllowDirectAccess();
        await app.StartAsync(TestContext.Current.CancellationToken);

        var port = new Uri(app.Urls.Single()).Port;
        Assert.Contains(
            $"/healthz is exempt for connections to port 9, 11 only, and the server listens on {port}: it is exempt for nobody.",
            Assert.Single(logs.WithId(4007), static line => line.Message.Contains("/healthz", StringComparison.Ordinal)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9090, false, "*:9090")]
    [InlineData(8080, true, "*:9090")]
    [InlineData(8080, false, "*:9090", "*:8080")]
    [InlineData(8080, false, "*:9090", "*")]
    public void One_of_the_required_ports_is_enough(int listening, bool expected, params string[] hosts)
    {
        var endpoint = new RouteEndpoint(
            static _ => Task.CompletedTask, RoutePatternFactory.Parse("/ops"), 0, new EndpointMetadataCollection(new AllowDirectAccessAttribute(), new HostAttribute(hosts)), null);

        Assert.Equal(expected, WeakEndpoints.Find(new OriginGuardOptions(), new([endpoint], []), [listening]).Any());
    }

    [Fact]
    public async Task A_client_that_goes_straight_to_an_exempt_port_comes_in_by_it()
    {
        await using var app = await StartAsync(static pipeline => pipeline.MapGet("/ops", static () => "numbers").RequireHost("*:9090", "*:80", "*:443").AllowDirectAccess());
        using var probe = SimulatedLoadBalancer.CreateProbeClient(app.Server);

        foreach (var (uri, status) in new[] { ("http://localhost:9090/ops", 200), ("http://localhost/ops", 200), ("https://localhost/ops", 200), ("http://localhost:8080/ops", 403) })
        {
            using var answer = await probe.GetAsync(new Uri(uri), TestContext.Current.CancellationToken);
            Assert.Equal(status, (int)answer.StatusCode);
        }

        // Whoever connects to another port may write what he likes.
        using var forged = new HttpRequestMessage(HttpMethod.Get, new Uri("http://localhost:8080/ops")) { Headers = { Host = "localhost:9090" } };
        using var refused = await probe.SendAsync(forged, TestContext.Current.CancellationToken);
        Assert.Equal(403, (int)refused.StatusCode);
    }

    [Fact]
    public async Task An_exempt_endpoint_in_a_branch_with_routing_of_its_own_is_pointed_out()
    {
        await using var app = await StartAsync(static pipeline =>
        {
            pipeline.MapGet("/live", static () => "alive").AllowDirectAccess();
            pipeline.MapGroup("/group").MapGet("/live", static () => "alive").AllowDirectAccess();
            pipeline.Map("/ops", static branch => branch.UseRouting().UseEndpoints(static endpoints => endpoints.MapGet("/healthz", static () => "alive").AllowDirectAccess()));
        });

        var probe = await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/ops/healthz");
        var live = await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/group/live");

        Assert.Equal((403, 200), (probe.Response.StatusCode, live.Response.StatusCode));
        Assert.StartsWith("AllowDirectAccess does not hold for /healthz: it is mapped in a branch that has routing of its own", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
    }

    /// <summary>The framework makes endpoints when they are first asked for, and so only that branch would fail.</summary>
    [Fact]
    public async Task An_endpoint_that_cannot_be_made_keeps_neither_the_application_from_its_start_nor_the_guard_from_its_warnings()
    {
        await using var app = await StartAsync(static pipeline =>
        {
            pipeline.MapGet("/healthz", static () => "alive");
            pipeline.Map("/jobs", static branch => branch.UseRouting().UseEndpoints(static endpoints => endpoints.MapGet("/", static (IDisposable nobodyHasRegisteredThis) => "never")));
        });

        Assert.Contains("/healthz looks like a health endpoint", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)] // no routing but in the branch
    [InlineData(true)]
    public async Task So_it_is_in_an_application_with_a_startup_class(bool isRouted)
    {
        var logs = new LogRecorder();
        using var host = await new HostBuilder()
            .ConfigureLogging(logging => logging.AddProvider(logs))
            .ConfigureWebHost(web => web
                .UseTestServer()
                .ConfigureServices(static services => services.AddRouting().AddOriginGuard(static options => (options.SourceAddress.RecordNames, options.SharedSecret.Secrets) = ([], [GuardedApp.Secret])))
                .Configure(app =>
                {
                    _ = isRouted ? app.UseRouting() : app;
                    app.UseOriginGuard();
                    app.Map("/ops", static branch => branch.UseRouting().UseEndpoints(static endpoints => endpoints.MapGet("/healthz", static () => "alive").AllowDirectAccess()));
                    _ = isRouted ? app.UseEndpoints(static endpoints => endpoints.MapGet("/live", static () => "alive").AllowDirectAccess()) : app;
                }))
            .StartAsync(TestContext.Current.CancellationToken);

        Assert.Single(logs.WithId(4007), static line => line.Message.StartsWith("AllowDirectAccess does not hold for /healthz: it is mapped in a branch", StringComparison.Ordinal));
        Assert.DoesNotContain(logs.WithId(4007), static line => line.Message.Contains("/live", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080 http://[::]:8080 https://*:8443", "8080 8443")]
    [InlineData("http://127.0.0.1:8080 http://unix:/run/app.sock", "")] // whoever comes over it has no port
    [InlineData("http://127.0.0.1:8080 nonsense", "")]
    public async Task Ports_are_known_where_every_address_has_one(string addresses, string ports)
    {
        var server = new ListeningServer(addresses.Split(' '));
        await using var services = new ServiceCollection().AddSingleton<IServer>(server).BuildServiceProvider();

        Assert.Equal(ports.Split(' ', StringSplitOptions.RemoveEmptyEntries), ServerPorts.Of(services).Select(static port => $"{port}"));
        Assert.Empty(ServerPorts.Of(null));
    }

    [Theory]
    [InlineData("ops.internal")]
    [InlineData("[::1]")]
    public async Task A_host_by_name_is_the_callers_word_and_is_pointed_out(string host)
    {
        await using var app = await StartAsync(pipeline => pipeline.MapGet("/ops", static () => "numbers").RequireHost(host).AllowDirectAccess());

        Assert.Contains($"/ops is exempt and chosen by the host {host}", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/{tenant}/health", true)]
    [InlineData("/api/v{version}/health", true)]
    [InlineData("/files/{name}", false)]
    [InlineData("/well-known/{**rest}", false)]
    public async Task A_parameter_in_the_middle_is_pointed_out(string pattern, bool expected)
    {
        await using var app = await StartAsync(pipeline => pipeline.MapGet(pattern, static () => "alive").AllowDirectAccess());

        Assert.Equal(expected, app.Logs.WithId(4007).Any(line => line.Message.StartsWith($"{pattern} is exempt, and so is every path that fits it", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_endpoint_whose_path_was_never_written_as_a_text_goes_by_its_name()
    {
        var pattern = RoutePatternFactory.Pattern(RoutePatternFactory.Segment(RoutePatternFactory.LiteralPart("ping")));
        var endpoint = new RouteEndpoint(static _ => Task.CompletedTask, pattern, 0, new EndpointMetadataCollection(new AllowDirectAccessAttribute()), "the ping");

        Assert.Equal(["AllowDirectAccess on the ping"], WeakSetUp.ExemptForEverybody(new OriginGuardOptions(), [endpoint]));
        Assert.Empty(WeakEndpoints.Find(new OriginGuardOptions(), new([endpoint], []), []));
    }

    [Fact]
    public async Task Routing_behind_the_guard_exempts_nothing_and_is_pointed_out()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: static app =>
        {
            app.UseOriginGuard();
            app.UseRouting();
            app.MapGet("/healthz", static () => "alive").AllowDirectAccess();
        });

        var probe = await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/healthz");

        Assert.Equal(403, probe.Response.StatusCode);
        Assert.Contains(app.Logs.WithId(4007), static line => line.Message.StartsWith("UseRouting was called behind UseOriginGuard", StringComparison.Ordinal));
        Assert.Contains(app.Logs.WithId(4007), static line => line.Message.StartsWith("/healthz looks like a health endpoint", StringComparison.Ordinal));
    }

    /// <summary>The policy of an endpoint is not known in front of routing, and IAP signs nothing for a preflight.</summary>
    [Theory]
    [InlineData(true, "spa", null, 1)]
    [InlineData(true, "spa", true, 0)]
    [InlineData(true, null, null, 0)]
    [InlineData(false, "spa", null, 0)]
    public void A_preflight_in_front_of_routing_is_pointed_out(bool isBehind, string? policy, bool? allowPreflight, int warnings)
    {
        var orders = new RouteEndpoint(
            static _ => Task.CompletedTask, RoutePatternFactory.Parse("/orders"), 0, policy is null ? null : new EndpointMetadataCollection(new EnableCorsAttribute(policy)), "orders");
        var options = new OriginGuardOptions { Iap = { Audiences = ["/projects/1/global/backendServices/2"], AllowPreflight = allowPreflight } };

        var said = WeakEndpoints.Find(options, new([orders], []), [], isBehind).ToArray();

        Assert.Equal(warnings, said.Length);
        Assert.All(said, static sentence => Assert.Contains("a preflight is answered by the default CORS policy", sentence, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("fallback", true)]
    [InlineData("required", true)]
    [InlineData("policy", true)]
    [InlineData("anonymous", false)]
    [InlineData("none", false)]
    public async Task A_probe_that_must_be_signed_in_is_pointed_out(string authorization, bool expected)
    {
        var everybody = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Settings(),
            services => services.AddHealthChecks().Services.AddAuthorization(options => options.FallbackPolicy = authorization is "fallback" or "anonymous" ? everybody : null),
            app =>
            {
                app.UseOriginGuard();
                var health = app.MapHealthChecks("/healthz").AllowDirectAccess();
                _ = authorization switch
                {
                    "required" => health.RequireAuthorization(),
                    "policy" => health.RequireAuthorization(everybody),
                    "anonymous" => health.AllowAnonymous(),
                    _ => health,
                };
            });

        Assert.Equal(
            expected ? ["/healthz is exempt from the guard and asks for a signed-in user all the same: a probe is nobody, and gets 401 or 403. Add .AllowAnonymous() to it."] : [],
            app.Logs.WithId(4007).Select(static line => line.Message));
    }

    private static RouteEndpoint News(ResponseCacheLocation location, int duration) => new(
        static _ => Task.CompletedTask, RoutePatternFactory.Parse("/news"), 0, new EndpointMetadataCollection(new ResponseCacheAttribute { Location = location, Duration = duration }), "news");

    private static Task<GuardedApp> StartAsync(Action<WebApplication> endpoints, params (string Key, string? Value)[] more) => GuardedApp.StartAsync(
        GuardedApp.Settings(more), static services => services.AddHealthChecks(), app =>
        {
            app.UseOriginGuard();
            endpoints(app);
        });

    /// <summary>Says where it listens, and does not.</summary>
    private sealed class ListeningServer : IServer
    {
        public ListeningServer(string[] addresses)
        {
            ServerAddressesFeature feature = new();
            foreach (var address in addresses)
            {
                feature.Addresses.Add(address);
            }

            Features.Set<IServerAddressesFeature>(feature);
        }

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
