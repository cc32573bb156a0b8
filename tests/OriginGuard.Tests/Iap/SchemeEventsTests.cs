using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OriginGuard.Iap;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Iap;

/// <summary>The application's events run behind the scheme's own part: they cannot take its place, and the object that holds them stays as it is.</summary>
public sealed class SchemeEventsTests
{
    [Fact]
    public async Task A_class_that_overrides_message_received_does_not_decide_where_the_assertion_is_read()
    {
        var events = new Overriding();
        await using var app = await StartAsync(events);
        var assertion = app.Issuer.Issue(IapWorld.Audience);

        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync(assertion)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync(request => request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + assertion))).Status);
        Assert.Equal(["received True", "validated ada@example.com", "challenge"], events.Calls);
    }

    [Fact]
    public async Task A_class_that_overrides_token_validated_gets_somebody_who_is_signed_in_and_is_named_in_the_headers()
    {
        var events = new Overriding();
        await using var app = await StartAsync(
            events, answer: static context => context.Response.WriteAsync($"{context.Request.Headers[IapIdentityHeaders.Email]}"), more: static options => options.AllowAnonymous = true);

        Assert.Equal("accounts.google.com:ada@example.com", (await app.GetAsync(app.Issuer.Issue(IapWorld.Audience))).Body);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync(app.Issuer.Issue(IapWorld.Audience, IapIdentity.Anonymous))).Status);
        Assert.Equal(["received True", "validated ada@example.com", "received True", "challenge"], events.Calls);
    }

    [Fact]
    public async Task A_class_that_overrides_challenge_leaves_the_503_while_the_scheme_cannot_tell()
    {
        var events = new Overriding();
        await using var app = await StartAsync(events, IapKeyEndpointBehavior.ServerError);

        var (status, _, headers) = await app.GetAsync(app.Issuer.Issue(IapWorld.Audience));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(TimeSpan.FromSeconds(5), headers.RetryAfter?.Delta);
        Assert.Equal(["received True", "The IAP assertion was not accepted: iap.keys_unavailable.", "challenge"], events.Calls);
    }

    [Fact]
    public async Task A_class_that_overrides_forbidden_is_told_of_it()
    {
        var events = new Overriding();
        await using var app = await StartAsync(events, answer: static context => context.ForbidAsync(IapDefaults.AuthenticationScheme));

        Assert.Equal(HttpStatusCode.Forbidden, (await app.GetAsync(app.Issuer.Issue(IapWorld.Audience))).Status);
        Assert.Equal(["received True", "validated ada@example.com", "forbidden"], events.Calls);
    }

    [Fact]
    public async Task An_object_that_all_schemes_share_leaves_a_plain_bearer_scheme_as_it_was()
    {
        List<string> seen = [];
        var shared = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                seen.Add(context.Scheme.Name);
                return Task.CompletedTask;
            },
        };
        var (received, validated, challenge) = (shared.OnMessageReceived, shared.OnTokenValidated, shared.OnChallenge);
        await using var app = await IapApp.StartAsync(
            iap =>
            {
                iap.AddGoogleIap(static options => options.Audiences = [IapWorld.Audience]);
                iap.AddJwtBearer("Partner", static partner => TwoUsersApp.Configure(partner));
                iap.Services.ConfigureAll<JwtBearerOptions>(bearer => bearer.Events = shared);
            },
            answer: static async context =>
            {
                var partner = await context.AuthenticateAsync("Partner");
                await context.Response.WriteAsync($"{context.User.Identity?.Name} and {partner.Principal?.Identity?.Name}");
            });

        var (status, body, _) = await app.GetAsync(request =>
        {
            request.Headers.TryAddWithoutValidation(IapDefaults.AssertionHeader, app.Issuer.Issue(IapWorld.Audience));
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {TwoUsersApp.Token("grace")}");
        });

        Assert.Equal((HttpStatusCode.OK, "ada@example.com and grace"), (status, body));
        Assert.Equal([IapDefaults.AuthenticationScheme, "Partner"], seen);
        Assert.Same(received, shared.OnMessageReceived);
        Assert.Same(validated, shared.OnTokenValidated);
        Assert.Same(challenge, shared.OnChallenge);
    }

    [Fact]
    public async Task Options_that_are_made_anew_ask_the_same_object_once()
    {
        var events = new Overriding();
        await using var app = await StartAsync(events, answer: static async context =>
        {
            var services = context.RequestServices;
            services.GetRequiredService<IOptionsMonitorCache<JwtBearerOptions>>().Clear();
            var options = services.GetRequiredService<IOptionsFactory<JwtBearerOptions>>().Create(IapDefaults.AuthenticationScheme);
            var made = options.Events;
            foreach (var step in services.GetServices<IPostConfigureOptions<JwtBearerOptions>>())
            {
                step.PostConfigure(IapDefaults.AuthenticationScheme, options);
            }

            await context.Response.WriteAsync($"{ReferenceEquals(made, options.Events)}");
        });
        var assertion = app.Issuer.Issue(IapWorld.Audience);

        Assert.Equal("True", (await app.GetAsync(assertion)).Body);
        Assert.Equal("True", (await app.GetAsync(assertion)).Body);
        Assert.Equal(["received True", "validated ada@example.com", "received True", "validated ada@example.com"], events.Calls);
    }

    /// <summary>A step behind ours finds our object, and puts its delegates around or in the place of those on it, as the framework's pages say.</summary>
    [Fact]
    public async Task What_a_later_step_puts_on_the_events_takes_the_place_of_the_applications_part_alone()
    {
        var events = new Overriding();
        await using var app = await IapApp.StartAsync(iap =>
        {
            iap.AddGoogleIap(static options => options.Audiences = [IapWorld.Audience]);
            iap.Services.Configure<JwtBearerOptions>(IapDefaults.AuthenticationScheme, bearer => bearer.Events = events);
            iap.Services.PostConfigure<JwtBearerOptions>(IapDefaults.AuthenticationScheme, bearer =>
            {
                var earlier = bearer.Events.OnTokenValidated;
                bearer.Events.OnMessageReceived = static _ => Task.CompletedTask;
                bearer.Events.OnTokenValidated = async context =>
                {
                    await earlier(context);
                    if (context.Request.Headers.ContainsKey("X-Dismissed"))
                    {
                        context.Fail("dismissed");
                    }
                };
            });
        });
        var assertion = app.Issuer.Issue(IapWorld.Audience);

        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync(assertion)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync(request => request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + assertion))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync(request =>
        {
            request.Headers.TryAddWithoutValidation(IapDefaults.AssertionHeader, assertion);
            request.Headers.TryAddWithoutValidation("X-Dismissed", "yes");
        })).Status);
        Assert.Equal(["validated ada@example.com", "challenge", "validated ada@example.com", "challenge"], events.Calls);
    }

    private static Task<IapApp> StartAsync(
        JwtBearerEvents events, IapKeyEndpointBehavior behavior = IapKeyEndpointBehavior.Serve, RequestDelegate? answer = null, Action<IapOptions>? more = null) =>
        IapApp.StartAsync(
            iap =>
            {
                iap.AddGoogleIap(options =>
                {
                    options.Audiences = [IapWorld.Audience];
                    more?.Invoke(options);
                });
                iap.Services.Configure<JwtBearerOptions>(IapDefaults.AuthenticationScheme, bearer => bearer.Events = events);
            },
            behavior,
            advance: behavior is not IapKeyEndpointBehavior.Serve,
            answer);

    /// <summary>A class of the application's own that asks none of the methods that it overrides.</summary>
    private sealed class Overriding : JwtBearerEvents
    {
        public List<string> Calls { get; } = [];

        public override Task MessageReceived(MessageReceivedContext context) => Note($"received {context.Token is not null}");

        public override Task TokenValidated(TokenValidatedContext context) => Note($"validated {context.Principal?.Identity?.Name}");

        public override Task AuthenticationFailed(AuthenticationFailedContext context) => Note(context.Exception.Message);

        public override Task Challenge(JwtBearerChallengeContext context) => Note("challenge");

        public override Task Forbidden(ForbiddenContext context) => Note("forbidden");

        private Task Note(string call)
        {
            Calls.Add(call);
            return Task.CompletedTask;
        }
    }
}
