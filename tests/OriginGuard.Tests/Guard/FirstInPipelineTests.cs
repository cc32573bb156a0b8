using System.Diagnostics;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OriginGuard.Guard;
using OriginGuard.TestKit;
using OriginGuard.Tests.Compatibility;
using Xunit;

namespace OriginGuard.Tests.Guard;

/// <summary>What the framework would run in front of the guard runs behind it.</summary>
public sealed class FirstInPipelineTests
{
    [Fact]
    public void A_guard_that_stands_nowhere_says_so_and_knows_nothing_of_the_pipeline()
    {
        var pipeline = new GuardedPipeline();

        Assert.Contains("UseOriginGuard was not: no request is guarded", Assert.Single(pipeline.Faults), StringComparison.Ordinal);
        Assert.Equal((false, null, false, false), (pipeline.HasGuard, pipeline.Services, pipeline.IsRoutingBehind, pipeline.HasMovedAuthorization));
        Assert.Empty(pipeline.SourcesInSight);
    }

    [Fact]
    public async Task Authentication_and_authorization_that_the_framework_adds_run_behind_the_guard()
    {
        var visits = new Visits();
        await using var app = await StartAsync(visits, static app => app.MapGet("/me", static (ClaimsPrincipal user) => user.Identity?.Name).RequireAuthorization());

        var stranger = await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/me");
        var callback = await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/signin-test");
        Assert.Equal((403, 403, 0), (stranger.Response.StatusCode, callback.Response.StatusCode, visits.Count));

        var through = await app.SendAsync(GuardedApp.LoadBalancer, static request => (request.Path, request.Headers["X-Origin-Guard"], request.Headers["X-User"]) = ("/me", GuardedApp.Secret, "ada"));
        var nobody = await app.SendAsync(GuardedApp.LoadBalancer, static request => (request.Path, request.Headers["X-Origin-Guard"]) = ("/me", GuardedApp.Secret));
        Assert.Equal((200, 401), (through.Response.StatusCode, nobody.Response.StatusCode));
        Assert.Empty(app.Logs.WithId(4009));
    }

    /// <summary>What docs/pipeline.md says of routing: whoever is refused makes the application's own constraints work, unless routing stands behind the guard.</summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task Constraints_of_the_application_run_for_strangers_unless_routing_stands_behind(bool isBehind, int runs)
    {
        var constraint = new CountingConstraint();
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: app =>
        {
            app.UseOriginGuard();
            if (isBehind)
            {
                app.UseRouting();
            }

            ((IEndpointRouteBuilder)app).DataSources.Add(new DefaultEndpointDataSource(new RouteEndpoint(
                static _ => Task.CompletedTask, RoutePatternFactory.Parse("/{slug}", defaults: null, parameterPolicies: new { slug = constraint }), 0, null, "a slug")));
        });

        var stranger = await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/a-slug");

        Assert.Equal((403, runs), (stranger.Response.StatusCode, constraint.Runs));
    }

    [Fact]
    public async Task An_application_that_calls_them_itself_gets_each_once()
    {
        var visits = new Visits();
        await using var app = await StartAsync(visits, static app =>
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapGet("/me", static () => "me").RequireAuthorization();
        });

        var through = await app.SendAsync(GuardedApp.LoadBalancer, static request => (request.Path, request.Headers["X-Origin-Guard"], request.Headers["X-User"]) = ("/me", GuardedApp.Secret, "ada"));

        Assert.Equal((200, 1), (through.Response.StatusCode, visits.Count));
    }

    [Theory]
    [InlineData("/plain", 200)]
    [InlineData("/robots.txt", 404)]
    public async Task Endpoints_that_routing_runs_at_once_are_guarded(string path, int status)
    {
        string[]? seen = null;
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: app =>
        {
            app.UseOriginGuard();
            app.MapGet("/plain", (HttpContext context) => { seen = [.. context.Request.Headers.Keys]; }).ShortCircuit();
            app.MapShortCircuit(404, "robots.txt");
        });

        var stranger = await app.SendAsync(GuardedApp.Stranger, request => (request.Path, request.Headers["X-Origin-Guard"]) = (path, GuardedApp.Secret));
        Assert.Equal((403, null), (stranger.Response.StatusCode, seen));

        var through = await app.SendAsync(GuardedApp.LoadBalancer, request => (request.Path, request.Headers["X-Origin-Guard"]) = (path, GuardedApp.Secret));
        Assert.Equal(status, through.Response.StatusCode);
        Assert.DoesNotContain("X-Origin-Guard", seen ?? []);
    }

    [Fact]
    public async Task So_are_those_that_a_dynamic_route_leads_to()
    {
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Settings(),
            static services => services.AddControllersWithViews().AddApplicationPart(typeof(FallbackController).Assembly),
            static app =>
            {
                app.UseOriginGuard();
                app.MapControllers().ShortCircuit();
                app.MapFallbackToController(nameof(FallbackController.Index), "Fallback");
            });

        var stranger = await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/pages/x");
        var through = await app.SendAsync(GuardedApp.LoadBalancer, static request => (request.Path, request.Headers["X-Origin-Guard"]) = ("/pages/x", GuardedApp.Secret));

        Assert.Equal((403, 200), (stranger.Response.StatusCode, through.Response.StatusCode));
    }

    /// <summary>By a feature flag, or a tenant: a policy of the application takes one of the candidates itself, and routing looks no further.</summary>
    [Fact]
    public async Task So_are_those_that_a_policy_of_the_application_chooses_by_itself()
    {
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Settings(),
            static services => services.AddSingleton<MatcherPolicy, ChoosingPolicy>(),
            static app =>
            {
                app.UseOriginGuard();
                app.MapGet("/plain", static () => "inside").ShortCircuit();
            });

        var stranger = await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/plain");
        var through = await app.SendAsync(GuardedApp.LoadBalancer, static request => (request.Path, request.Headers["X-Origin-Guard"]) = ("/plain", GuardedApp.Secret));

        Assert.Equal((403, 200), (stranger.Response.StatusCode, through.Response.StatusCode));
    }

    [Fact]
    public async Task Two_guards_bring_one_authentication()
    {
        var visits = new Visits();
        await using var app = await StartAsync(visits, static app =>
        {
            app.UseOriginGuard();
            app.MapGet("/me", static () => "me").RequireAuthorization();
        });

        var through = await app.SendAsync(GuardedApp.LoadBalancer, static request => (request.Path, request.Headers["X-Origin-Guard"], request.Headers["X-User"]) = ("/me", GuardedApp.Secret, "ada"));

        Assert.Equal((200, 1), (through.Response.StatusCode, visits.Count));
    }

    [Fact]
    public async Task One_of_them_may_be_exempt()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: static app =>
        {
            app.UseRouting();
            app.UseOriginGuard();
            app.MapGet("/probe", static () => "alive").AllowDirectAccess().ShortCircuit();
            app.MapGet("/other", static () => "inside").ShortCircuit();
        });

        var probe = await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/probe");
        var other = await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/other");

        Assert.Equal((200, 403), (probe.Response.StatusCode, other.Response.StatusCode));
    }

    [Fact]
    public async Task A_log_in_front_of_the_guard_sees_no_secret_of_a_refused_request_before_or_after()
    {
        List<string> seen = [];
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: app =>
        {
            app.Use(async (context, next) =>
            {
                seen.AddRange(context.Request.Headers.Select(static header => $"{header.Key}: {header.Value}"));
                await next(context);
                seen.AddRange(context.Request.Headers.Select(static header => $"{header.Key}: {header.Value}"));
            });
            app.UseOriginGuard();
            app.Run(static context => context.Response.WriteAsync("inside"));
        });

        var refused = await app.SendAsync(GuardedApp.Stranger, static request =>
            (request.Headers["X-Origin-Guard"], request.Headers["X.Origin_Guard"], request.Headers["X-Other"]) = (GuardedApp.Secret, GuardedApp.Secret, "stays"));

        // To the end of the body, which comes after all that ran in front.
        using var body = new StreamReader(refused.Response.Body);
        Assert.Contains("Forbidden", await body.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(2, seen.Count(static line => line is "X-Other: stays"));
        Assert.DoesNotContain(seen, static line => line.Contains(GuardedApp.Secret, StringComparison.Ordinal));
    }

    /// <summary>A limit, and the pages say so: these events come before any middleware.</summary>
    [Fact]
    public async Task A_listener_of_the_host_s_own_events_sees_the_secret()
    {
        await using var app = await GuardedApp.StartAsync();
        var events = new HeadersAtTheStart();
        using var subscription = app.Services.GetRequiredService<DiagnosticListener>().Subscribe(events);

        await app.SendAsync(GuardedApp.LoadBalancer, static request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);

        Assert.Equal([GuardedApp.Secret], events.Seen);
    }

    private static Task<GuardedApp> StartAsync(Visits visits, Action<WebApplication> endpoints) => GuardedApp.StartAsync(
        GuardedApp.Settings(),
        services =>
        {
            services.AddSingleton(visits);
            services.AddAuthorization();
            services.AddAuthentication("Test").AddScheme<AuthenticationSchemeOptions, TestScheme>("Test", null);
        },
        app =>
        {
            app.UseOriginGuard();
            endpoints(app);
        });

    private sealed class HeadersAtTheStart : IObserver<KeyValuePair<string, object?>>
    {
        public List<string?> Seen { get; } = [];

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "Microsoft.AspNetCore.Hosting.HttpRequestIn.Start", Value: HttpContext context })
            {
                Seen.Add(context.Request.Headers["X-Origin-Guard"]);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }

    private sealed class Visits
    {
        public int Count { get; set; }
    }

    /// <summary>Believes a header, and answers a path of its own as the handlers of remote logins do.</summary>
    private sealed class TestScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, Visits visits)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder), IAuthenticationRequestHandler
    {
        public Task<bool> HandleRequestAsync()
        {
            visits.Count++;
            return Task.FromResult(Request.Path == "/signin-test");
        }

        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers["X-User"].ToString() is { Length: > 0 } name
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "Test")), "Test"))
            : AuthenticateResult.NoResult());
    }

    private sealed class CountingConstraint : IRouteConstraint
    {
        public int Runs { get; private set; }

        public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection)
        {
            Runs++;
            return true;
        }
    }
}
