using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Guard;

public sealed class AuthorizationAnswersTests : IAsyncDisposable
{
    private const string Audience = "/projects/1/apps/x";

    private readonly IapAssertionIssuer _issuer = new();
    private IapKeyEndpoint? _keys;

    public async ValueTask DisposeAsync()
    {
        _issuer.Dispose();
        if (_keys is not null)
        {
            await _keys.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("ops@example.com", true, 200)]
    [InlineData("ops@example.com", false, 200)]
    [InlineData("grace@example.com", true, 403)]
    [InlineData("grace@example.com", false, 403)]
    public async Task A_user_of_the_guard_who_may_not_is_forbidden_though_no_scheme_can_say_so(string email, bool isGuardFirst, int status)
    {
        await using var app = await StartAsync(static _ => { }, isGuardFirst);

        var answer = await AskAsync(app, email);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 403 ? "application/problem+json" : null, answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_scheme_of_the_application_gives_the_answer_where_there_is_one()
    {
        await using var app = await StartAsync(static services => services.AddAuthentication("cookie").AddCookie("cookie", static options => options.AccessDeniedPath = "/no"));

        var answer = await AskAsync(app, "grace@example.com");

        Assert.Equal((HttpStatusCode.Redirect, "/no"), (answer.StatusCode, answer.Headers.Location?.AbsolutePath));
    }

    /// <summary>What docs/iap.md says of Results.Forbid(): the framework leaves the answer to a scheme, and that of IAP can give it.</summary>
    [Fact]
    public async Task An_endpoint_that_forbids_by_itself_needs_a_scheme()
    {
        await using var without = await StartAsync(static _ => { });
        await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync(without, "ops@example.com", "/forbids"));
    }

    [Fact]
    public async Task And_has_one_in_that_of_IAP()
    {
        await using var app = await StartAsync(services => services.AddAuthentication(IapDefaults.AuthenticationScheme)
            .AddGoogleIap(options => (options.Audiences, options.KeysUri) = ([Audience], _keys!.Uri))); // there before the services

        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(app, "ops@example.com", "/forbids")).StatusCode);
    }

    [Fact]
    public async Task An_answer_of_the_application_s_own_stays()
    {
        await using var app = await StartAsync(static services => services.AddSingleton<IAuthorizationMiddlewareResultHandler, Teapot>());

        Assert.Equal(418, (int)(await AskAsync(app, "grace@example.com")).StatusCode);
    }

    [Fact]
    public async Task The_scheme_that_a_policy_names_gives_the_answer_where_no_default_is_set()
    {
        await using var app = await StartAsync(
            static services => services.AddAuthentication().AddCookie("cookie", static options => options.LoginPath = "/in").AddCookie("other"),
            policy: static policy => policy.AddAuthenticationSchemes("cookie"));

        var answer = await AskAsync(app, "ops@example.com");

        Assert.Equal((HttpStatusCode.Redirect, "/in"), (answer.StatusCode, answer.Headers.Location?.AbsolutePath));
    }

    [Fact]
    public async Task In_front_of_the_guard_nobody_is_its_user_and_the_framework_says_what_is_missing()
    {
        await using var app = await StartAsync(static _ => { }, isAuthorizationFirst: true);

        await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync(app, "ops@example.com"));
    }

    [Fact]
    public async Task Without_the_layer_that_signs_in_the_framework_says_what_is_missing()
    {
        await using var app = await StartAsync(static services => services.Configure<OriginGuardOptions>(static options => options.Iap.Mode = LayerMode.Disabled));

        await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync(app, "grace@example.com"));
    }

    private async Task<WebApplication> StartAsync(
        Action<IServiceCollection> configure, bool isGuardFirst = true, bool isAuthorizationFirst = false, Action<AuthorizationPolicyBuilder>? policy = null)
    {
        _keys = await IapKeyEndpoint.StartAsync(_issuer, TestContext.Current.CancellationToken);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        configure(builder.Services);
        if (!isGuardFirst)
        {
            builder.Services.AddAuthorization();
        }

        builder.Services.AddOriginGuard(options =>
        {
            options.SourceAddress.RecordNames = [];
            options.SourceAddress.Networks = [IPNetwork.Parse("34.96.0.0/20")];
            options.SharedSecret.Secrets = [GuardedApp.Secret];
            options.Iap.Audiences = [Audience];
            options.Iap.KeysUri = _keys.Uri;
        });
        builder.Services.AddAuthorization();
        var app = builder.Build();
        if (isAuthorizationFirst)
        {
            app.UseAuthorization();
        }

        app.UseOriginGuard();
        app.UseAuthorization();
        app.MapGet("/", static () => Results.Ok()).RequireAuthorization(required =>
        {
            required.RequireClaim("email", "ops@example.com");
            policy?.Invoke(required);
        });
        app.MapGet("/forbids", static () => Results.Forbid());
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private async Task<HttpResponseMessage> AskAsync(WebApplication app, string email, string path = "/")
    {
        using var client = SimulatedLoadBalancer.CreateClient(app.GetTestServer(), new()
        {
            CustomRequestHeaders = [new("X-Origin-Guard", GuardedApp.Secret)],
            IapAssertion = _ => _issuer.Issue(Audience, new IapIdentity { Email = email }),
        });
        return await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
    }

    private sealed class Teapot : IAuthorizationMiddlewareResultHandler
    {
        public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
        {
            context.Response.StatusCode = StatusCodes.Status418ImATeapot;
            return Task.CompletedTask;
        }
    }
}
