using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Rewrite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Guard;

/// <summary>Where the guard cannot be asked first, the start says so, and so does its health.</summary>
public sealed class NotFirstTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, Action<WebApplication>> Misplaced => new()
    {
        { "UseOriginGuard was not", static app => app.MapGet("/", static () => "open") },
        { "on a branch of the pipeline", static app => app.Map("/admin", static branch => branch.UseOriginGuard()) },
        { "on a branch of the pipeline", static app => app.UseWhen(static context => context.Request.Path.StartsWithSegments("/admin"), static branch => branch.UseOriginGuard()) },
        { "UseAuthentication or UseAuthorization was called before", static app => app.UseAuthentication().UseOriginGuard() },
        { "UseAuthentication or UseAuthorization was called before", static app => app.UseRouting().UseAuthorization().UseOriginGuard() },
        {
            "UseEndpoints was called before", static app =>
            {
                app.UseRouting();
#pragma warning disable ASP0014 // The set-up under test.
                app.UseEndpoints(static endpoints => endpoints.MapGet("/", static () => "open"));
#pragma warning restore ASP0014
                app.UseOriginGuard();
            }
        },
    };

    [Theory]
    [MemberData(nameof(Misplaced))]
    public async Task A_guard_that_is_not_asked_first_is_an_error_and_unhealthy(string said, Action<WebApplication> pipeline)
    {
        await using var app = await StartAsync(pipeline);

        var line = Assert.Single(app.Logs.WithId(4009));
        Assert.Equal(LogLevel.Error, line.Level);
        Assert.Contains(said, line.Message, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Unhealthy, await HealthOf(app));
    }

    [Theory]
    [MemberData(nameof(Misplaced))]
    public async Task While_it_only_reports_it_is_degraded(string said, Action<WebApplication> pipeline)
    {
        await using var app = await StartAsync(pipeline, ("Mode", "ReportOnly"));

        Assert.Contains(said, Assert.Single(app.Logs.WithId(4009)).Message, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Degraded, await HealthOf(app));
    }

    [Fact]
    public async Task A_guard_that_stands_nowhere_is_not_said_to_be_on()
    {
        await using var nowhere = await StartAsync(static app => app.MapGet("/healthz", static () => "open"));
        await using var placed = await StartAsync(static app =>
        {
            app.UseOriginGuard();
            app.MapGet("/healthz", static () => "alive");
        });

        Assert.Empty(nowhere.Logs.WithId(4006).Concat(nowhere.Logs.WithId(4007)));
        Assert.Single(placed.Logs.WithId(4006));
        Assert.Single(placed.Logs.WithId(4007));
        Assert.Equal(HealthStatus.Healthy, await HealthOf(placed));
    }

    [Fact]
    public async Task A_startup_filter_that_came_in_front_is_named()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), static services =>
        {
            services.AddOriginGuard();
            services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, Intruder>());
        });

        Assert.Contains(nameof(Intruder), Assert.Single(app.Logs.WithId(4009)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_behind_that_of_the_scheme_is_named_too()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), static services =>
        {
            services.AddOriginGuard();
            services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, Intruder>());
            services.AddAuthentication().AddGoogleIap(static options => (options.Audiences, options.KeysUri) = (["/projects/1/apps/x"], new Uri("http://127.0.0.1:1/")));
        });

        Assert.Contains(nameof(Intruder), Assert.Single(app.Logs.WithId(4009)).Message, StringComparison.Ordinal);
    }

    /// <summary>What docs/pipeline.md says to do about a startup filter of another library.</summary>
    [Fact]
    public async Task What_a_later_startup_filter_adds_is_guarded_by_one_that_calls_the_guard()
    {
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Settings(("Exemptions:0:Path", "/scraped")),
            static services => services.AddSingleton<IStartupFilter, Guarding>().AddSingleton<IStartupFilter, Serving>(),
            static app =>
            {
                app.UseOriginGuard();
                app.MapGet("/healthz", static () => "alive").AllowDirectAccess();
                app.MapFallback(static () => "inside");
            });

        Assert.Equal((int[])[403, 200, 403], await StatusesAsync(app, GuardedApp.Stranger, "/metrics", "/scraped", "/healthz"));
        Assert.Equal((int[])[200, 200, 200], await StatusesAsync(app, GuardedApp.LoadBalancer, "/metrics", "/healthz", "/"));
        Assert.Empty(app.Logs.WithId(4009).Concat(app.Logs.WithId(4016)));
    }

    [Fact]
    public async Task A_builder_that_wraps_the_root_is_the_root()
    {
        var logs = new LogRecorder();
        using var host = await new HostBuilder()
            .ConfigureLogging(logging => logging.AddProvider(logs))
            .ConfigureWebHost(web => web.UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0)).ConfigureServices(static services => services.AddOriginGuard(static options =>
            {
                options.SourceAddress.RecordNames = [];
                options.SharedSecret.Secrets = [GuardedApp.Secret];
            })).Configure(static app => new Wrapped(app).UseOriginGuard()))
            .StartAsync(Token);

        Assert.Empty(logs.WithId(4009));
        Assert.Single(logs.WithId(4006));
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task In_a_startup_class_the_guard_is_recognised_on_the_root_and_on_a_branch()
    {
        foreach (var (pipeline, faults) in new (Action<IApplicationBuilder>, int)[]
        {
            (static app => app.UseOriginGuard().Run(static context => context.Response.WriteAsync("inside")), 0),
            (static app => app.Map("/admin", static branch => branch.UseOriginGuard()), 1),
        })
        {
            var logs = new LogRecorder();
            using var host = await new HostBuilder()
                .ConfigureLogging(logging => logging.AddProvider(logs))
                .ConfigureWebHost(web => web.UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0)).ConfigureServices(static services => services.AddOriginGuard(static options =>
                {
                    options.SourceAddress.RecordNames = [];
                    options.SharedSecret.Secrets = [GuardedApp.Secret];
                })).Configure(pipeline))
                .StartAsync(Token);

            Assert.Equal(faults, logs.WithId(4009).Count());
            await host.StopAsync(Token);
        }
    }

    [Fact]
    public async Task What_answers_in_front_of_the_guard_is_said_once_and_is_degraded_no_more()
    {
        await using var app = await StartAsync(static app =>
        {
            app.MapWhen(static context => context.Request.Path == "/logo.svg", static branch => branch.Run(static context => context.Response.WriteAsync("<svg/>")));
            app.UseOriginGuard();
            app.MapFallback(static () => "inside");
        });

        await app.SendAsync(GuardedApp.Stranger);
        Assert.Equal(HealthStatus.Healthy, await HealthOf(app));
        Assert.Empty(app.Logs.WithId(4016));

        for (var i = 0; i < 2; i++)
        {
            // To the end of the body, which comes after all that ran in front.
            using var logo = new StreamReader((await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/logo.svg")).Response.Body);
            Assert.Equal("<svg/>", await logo.ReadToEndAsync(Token));
        }

        Assert.Equal([LogLevel.Error, LogLevel.Debug], app.Logs.WithId(4016).Select(static line => line.Level));
        Assert.Equal(HealthStatus.Degraded, await HealthOf(app));
    }

    /// <summary>Files of a site whose fallback policy asks for a user: in front of the guard, where the framework would have asked first.</summary>
    [Theory]
    [InlineData("Enforce", true, LogLevel.Error)]
    [InlineData("ReportOnly", true, LogLevel.Warning)]
    [InlineData("ReportOnly", false, LogLevel.Warning)]
    [InlineData("Disabled", true, null)]
    public async Task It_is_said_in_every_mode_in_which_the_guard_is_on_and_also_where_authorization_no_longer_holds(string mode, bool hasAuthorization, LogLevel? level)
    {
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Settings(("Mode", mode)),
            services => _ = hasAuthorization ? services.AddAuthorization() : services,
            static app =>
            {
                app.MapWhen(static context => context.Request.Path == "/report.pdf", static branch => branch.Run(static context => context.Response.WriteAsync("figures")));
                app.UseOriginGuard();
                app.MapFallback(static () => "inside");
            });

        using var report = new StreamReader((await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/report.pdf")).Response.Body);
        Assert.Equal("figures", await report.ReadToEndAsync(Token));

        var said = app.Logs.WithId(4016).SingleOrDefault();
        Assert.Equal(level, said?.Level);
        Assert.Equal(hasAuthorization && level is not null, said?.Message.Contains("Authorization that the framework adds does not protect it either", StringComparison.Ordinal) is true);
    }

    [Fact]
    public async Task It_is_said_again_once_the_guard_is_armed()
    {
        await using var app = await StartAsync(
            static app =>
            {
                app.MapWhen(static context => context.Request.Path == "/logo.svg", static branch => branch.Run(static context => context.Response.WriteAsync("<svg/>")));
                app.UseOriginGuard();
                app.MapFallback(static () => "inside");
            },
            ("Mode", "ReportOnly"));

        for (var i = 0; i < 4; i++)
        {
            using var logo = new StreamReader((await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/logo.svg")).Response.Body);
            Assert.Equal("<svg/>", await logo.ReadToEndAsync(Token));
            app.Reload(("Mode", i > 0 ? "Enforce" : "ReportOnly"));
        }

        Assert.Equal([LogLevel.Warning, LogLevel.Debug, LogLevel.Error, LogLevel.Debug], app.Logs.WithId(4016).Select(static line => line.Level));
    }

    /// <summary>Whoever is only sent to https has learned nothing, by whatever status; who is sent elsewhere has an answer of the application's.</summary>
    [Theory]
    [InlineData(301, "https://shop.example/a%20b?c=d", false)]
    [InlineData(302, "https://SHOP.example/a%20b", false)]
    [InlineData(307, "https://shop.example/a%20b", false)]
    [InlineData(302, "https://login.example/a%20b", true)]
    [InlineData(302, "https://shop.example/elsewhere", true)]
    [InlineData(302, "http://shop.example/a%20b", true)]
    [InlineData(302, "/a%20b", true)]
    [InlineData(303, "https://shop.example/a%20b", true)]
    public async Task To_be_sent_to_https_is_no_answer(int status, string location, bool expected)
    {
        await using var app = await StartAsync(app =>
        {
            app.Use((HttpContext context, RequestDelegate _) =>
            {
                (context.Response.StatusCode, context.Response.Headers.Location) = (status, location);
                return Task.CompletedTask;
            });
            app.UseOriginGuard();
            app.MapFallback(static () => "inside");
        });

        await app.SendAsync(GuardedApp.Stranger, static request => (request.Host, request.Path) = (new("shop.example"), "/a b"));

        Assert.Equal(expected ? HealthStatus.Degraded : HealthStatus.Healthy, await HealthOf(app));
        Assert.Equal(expected ? 1 : 0, app.Logs.WithId(4016).Count());
    }

    [Fact]
    public async Task Neither_is_it_by_the_framework_s_rewriter()
    {
        await using var app = await StartAsync(static app =>
        {
            app.UsePathBase("/shop").UseRewriter(new RewriteOptions().AddRedirectToHttpsPermanent());
            app.UseOriginGuard();
            app.MapFallback(static () => "inside");
        });

        var answer = await app.SendAsync(GuardedApp.Stranger, static request => (request.Path, request.QueryString) = ("/shop/a", new("?b=c")));

        Assert.Equal(301, answer.Response.StatusCode);
        Assert.Empty(app.Logs.WithId(4016));
    }

    /// <summary>The framework's rate limiter returns so when its queue has a request whose client hangs up: without an answer, and with the status that each begins with.</summary>
    [Fact]
    public async Task A_request_that_was_given_up_before_anybody_answered_is_no_answer()
    {
        await using var app = await StartAsync(static app =>
        {
            app.Use(static async (context, next) =>
            {
                if (context.Request.Path == "/queued")
                {
                    context.Abort();
                    return;
                }

                await next(context);
            });
            app.UseOriginGuard();
            app.MapFallback(static () => "inside");
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/queued"));

        Assert.Equal(HealthStatus.Healthy, await HealthOf(app));
        Assert.Empty(app.Logs.WithId(4016));
    }

    [Fact]
    public async Task A_redirect_to_https_or_a_path_that_nobody_has_is_no_answer()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), static services => services.AddHttpsRedirection(static https => https.HttpsPort = 443), static app =>
        {
            app.MapWhen(static context => context.Request.Path == "/none", static _ => { });
            app.UseHttpsRedirection();
            app.UseOriginGuard();
            app.Run(static context => context.Response.WriteAsync("inside"));
        });

        var redirected = await app.SendAsync(GuardedApp.Stranger, static request => request.Scheme = "http");
        var nowhere = await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/none");

        Assert.Equal((307, 404), (redirected.Response.StatusCode, nowhere.Response.StatusCode));
        Assert.Empty(app.Logs.WithId(4016));
    }

    private static Task<GuardedApp> StartAsync(Action<WebApplication> pipeline, params (string Key, string? Value)[] more) => GuardedApp.StartAsync(
        GuardedApp.Settings(more),
        static services =>
        {
            services.AddAuthentication();
            services.AddAuthorization();
            services.AddHealthChecks().AddOriginGuard();
        },
        pipeline);

    private static async Task<HealthStatus> HealthOf(GuardedApp app) =>
        (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token)).Status;

    private static async Task<int[]> StatusesAsync(GuardedApp app, IPAddress peer, params string[] paths)
    {
        List<int> statuses = [];
        foreach (var path in paths)
        {
            statuses.Add((await app.SendAsync(peer, request => (request.Path, request.Headers["X-Origin-Guard"]) = (path, GuardedApp.Secret))).Response.StatusCode);
        }

        return [.. statuses];
    }

    private sealed class Guarding : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseOriginGuard();
            next(app);
        };
    }

    private sealed class Serving : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.MapWhen(static context => context.Request.Path.Value is "/metrics" or "/scraped", static branch => branch.Run(static context => context.Response.WriteAsync("numbers")));
            next(app);
        };
    }

    private sealed class Intruder : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => next;
    }

    private sealed class Wrapped(IApplicationBuilder inner) : IApplicationBuilder
    {
        public IServiceProvider ApplicationServices
        {
            get => inner.ApplicationServices;
            set => inner.ApplicationServices = value;
        }

        public IFeatureCollection ServerFeatures => inner.ServerFeatures;

        public IDictionary<string, object?> Properties => inner.Properties;

        public RequestDelegate Build() => inner.Build();

        public IApplicationBuilder New() => inner.New();

        public IApplicationBuilder Use(Func<RequestDelegate, RequestDelegate> middleware)
        {
            inner.Use(middleware);
            return this;
        }
    }
}
