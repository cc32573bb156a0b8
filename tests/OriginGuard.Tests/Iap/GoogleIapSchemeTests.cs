using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Iap;

public sealed class GoogleIapSchemeTests
{
    [Fact]
    public async Task Makes_authorization_work_with_the_user_of_the_assertion()
    {
        await using var app = await IapApp.StartAsync(iap => iap.AddGoogleIap(options => options.Audiences = [IapWorld.Audience]));

        var (status, body, _) = await app.GetAsync(app.Issuer.Issue(IapWorld.Audience));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("ada@example.com accounts.google.com:118133858486581853996", body);
    }

    [Fact]
    public async Task Answers_401_to_every_wrong_assertion_also_to_those_that_only_the_strict_checks_refuse()
    {
        await using var app = await IapApp.StartAsync(iap => iap.AddGoogleIap(options => options.Audiences = [IapWorld.Audience]));
        var now = app.Time.GetUtcNow().ToUnixTimeSeconds();
        string[] wrong =
        [
            .. Enum.GetValues<IapAssertionKind>().Where(kind => kind is not IapAssertionKind.NotSet).Select(kind => app.Issuer.Issue(IapWorld.Audience, kind: kind)),
            app.Issuer.Issue(IapWorld.Audience, IapIdentity.Anonymous),
            // IdentityModel alone would let each of these pass: an array for an audience, a day's lifetime, a member twice.
            app.Issuer.Sign(Claims($"[\"{IapWorld.Audience}\"]", now + 600)),
            app.Issuer.Sign(Claims($"\"{IapWorld.Audience}\"", now + 86_400)),
            app.Issuer.Sign(Claims($"\"{IapWorld.Audience}\"", now + 600).Replace("{", "{\"sub\":\"b\",", StringComparison.Ordinal)),
            "garbage",
        ];

        foreach (var token in wrong)
        {
            var (status, body, headers) = await app.GetAsync(token);
            Assert.Equal(HttpStatusCode.Unauthorized, status);
            Assert.Empty(body);
            Assert.Equal("GoogleIap", headers.WwwAuthenticate.ToString());
        }

        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync(app.Issuer.Sign(Claims($"\"{IapWorld.Audience}\"", now + 600)))).Status);

        string Claims(string audience, long expires) =>
            $$"""{"iss":"https://cloud.google.com/iap","aud":{{audience}},"exp":{{expires}},"iat":{{now}},"sub":"a"}""";
    }

    [Fact]
    public async Task Reads_the_header_of_iap_and_no_other()
    {
        await using var app = await IapApp.StartAsync(iap => iap.AddGoogleIap(options => options.Audiences = [IapWorld.Audience]));
        var token = app.Issuer.Issue(IapWorld.Audience);

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync()).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync(request => request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync(request =>
        {
            request.Headers.TryAddWithoutValidation("x-goog-authenticated-user-email", "accounts.google.com:ada@example.com");
            request.Headers.TryAddWithoutValidation("x-goog-authenticated-user-id", "accounts.google.com:118");
        })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync(request =>
        {
            request.Headers.TryAddWithoutValidation(IapDefaults.AssertionHeader, token);
            request.Headers.TryAddWithoutValidation(IapDefaults.AssertionHeader, token);
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        })).Status);
    }

    [Fact]
    public async Task Cannot_be_loosened_by_options_of_jwt_bearer()
    {
        await using var app = await IapApp.StartAsync(iap =>
        {
            iap.AddGoogleIap(options => options.Audiences = [IapWorld.Audience]);
            iap.Services.Configure<JwtBearerOptions>(IapDefaults.AuthenticationScheme, bearer =>
            {
                bearer.UseSecurityTokenValidators = true;
                bearer.TokenHandlers.Clear();
#pragma warning disable CA5404 // the worst that a user could configure is what this test is about
                bearer.TokenValidationParameters.ValidateAudience = false;
                bearer.TokenValidationParameters.ValidateLifetime = false;
#pragma warning restore CA5404
                bearer.TokenValidationParameters.RequireSignedTokens = false;
                bearer.TokenValidationParameters.SignatureValidator = (token, _) => new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(token);
            });
        });

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync(app.Issuer.Issue("/projects/1/apps/other"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync(app.Issuer.Issue(IapWorld.Audience, kind: IapAssertionKind.Signature))).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync(app.Issuer.Issue(IapWorld.Audience))).Status);
    }

    [Fact]
    public async Task Runs_the_events_of_the_user()
    {
        List<string> events = [];
        await using var app = await IapApp.StartAsync(iap =>
        {
            iap.AddGoogleIap(options => options.Audiences = [IapWorld.Audience]);
            iap.Services.Configure<JwtBearerOptions>(IapDefaults.AuthenticationScheme, bearer => bearer.Events = new JwtBearerEvents
            {
                OnMessageReceived = context => Note("received " + (context.Token is not null)),
                OnTokenValidated = context =>
                {
                    ((ClaimsIdentity)context.Principal!.Identity!).AddClaim(new Claim("seen", "yes")); // the handler has just made it
                    return Note("validated " + context.SecurityToken.Issuer);
                },
                OnAuthenticationFailed = context => Note(context.Exception.Message),
                OnChallenge = _ => Note("challenge"),
            });
        });

        await app.GetAsync(app.Issuer.Issue(IapWorld.Audience));
        await app.GetAsync(app.Issuer.Issue(IapWorld.Audience, kind: IapAssertionKind.PastExpiration));

        Assert.Equal(
            ["received True", "validated https://cloud.google.com/iap", "received True", "The IAP assertion was not accepted: iap.expired.", "challenge"], events);

        Task Note(string text)
        {
            events.Add(text);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Says_so_when_events_of_a_type_would_take_the_place_of_its_own()
    {
        await using var app = await IapApp.StartAsync(iap =>
        {
            iap.AddGoogleIap(options => options.Audiences = [IapWorld.Audience]);
            iap.Services.Configure<JwtBearerOptions>(IapDefaults.AuthenticationScheme, bearer => bearer.EventsType = typeof(JwtBearerEvents));
        });

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => app.GetAsync(app.Issuer.Issue(IapWorld.Audience)));
        Assert.Contains("EventsType", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_503_while_it_cannot_tell()
    {
        await using var app = await IapApp.StartAsync(
            iap => iap.AddGoogleIap(options => options.Audiences = [IapWorld.Audience]), IapKeyEndpointBehavior.ServerError, advance: true);

        var (status, body, headers) = await app.GetAsync(app.Issuer.Issue(IapWorld.Audience));

        Assert.Equal((IapKeyEndpointBehavior.ServerError, HttpStatusCode.ServiceUnavailable), (app.Keys.Behavior, status));
        Assert.Empty(body);
        Assert.Equal(TimeSpan.FromSeconds(5), headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Does_not_take_an_anonymous_user_for_a_signed_in_one()
    {
        await using var app = await IapApp.StartAsync(iap => iap.AddGoogleIap(options =>
        {
            options.Audiences = [IapWorld.Audience];
            options.AllowAnonymous = true;
        }));

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync(app.Issuer.Issue(IapWorld.Audience, IapIdentity.Anonymous))).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync(app.Issuer.Issue(IapWorld.Audience))).Status);
    }

    [Fact]
    public async Task Keeps_no_token_in_the_ticket_and_writes_none_into_the_log()
    {
        await using var app = await IapApp.StartAsync(iap => iap.AddGoogleIap(options => options.Audiences = [IapWorld.Audience]), answer: async context =>
        {
            var ticket = await context.AuthenticateAsync(IapDefaults.AuthenticationScheme);
            await context.Response.WriteAsync($"{ticket.Properties?.GetTokenValue("access_token") ?? "none"} {ticket.Properties?.ExpiresUtc:O}");
        });
        var token = app.Issuer.Issue(IapWorld.Audience);
        var expires = app.Time.GetUtcNow().AddMinutes(10);

        Assert.Equal($"none {expires:O}", (await app.GetAsync(token)).Body);
        await app.GetAsync(app.Issuer.Issue(IapWorld.Audience, kind: IapAssertionKind.Signature));
        Assert.DoesNotContain(app.Logs.Entries, entry => (entry.Message + entry.Exception).Contains(token.Split('.')[1], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Can_be_added_twice_and_under_several_names()
    {
        await using var app = await IapApp.StartAsync(iap =>
        {
            iap.AddGoogleIap(options => options.Audiences = ["/projects/1/apps/replaced"]);
            iap.AddGoogleIap(options => options.Audiences = [IapWorld.Audience]);
            iap.AddGoogleIap("Other", options => options.Audiences = ["/projects/1/apps/other"]);
        });

        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync(app.Issuer.Issue(IapWorld.Audience))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync(app.Issuer.Issue("/projects/1/apps/replaced"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync(app.Issuer.Issue("/projects/1/apps/other"))).Status);
        Assert.Equal(["GoogleIap", "Other"], (await app.Schemes.GetAllSchemesAsync()).Select(scheme => scheme.Name));
        Assert.Equal(1, app.Keys.FetchCount);
    }

    [Fact]
    public async Task Leaves_alone_the_schemes_beside_it()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("OriginGuard:Iap:Audiences:0", IapWorld.Audience)]).Build();
        await using var app = await IapApp.StartAsync(
            iap =>
            {
                iap.AddGoogleIap(configuration);
                iap.AddGoogleIap("Other", options => options.Audiences = ["/projects/1/apps/other"]);
                iap.AddJwtBearer("Partner", static partner => (partner.SaveToken, partner.Challenge) = (true, "Partner"));
            },
            answer: static async context =>
            {
                var partner = context.RequestServices.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get("Partner");
                var other = await context.AuthenticateAsync("Other");
                await context.Response.WriteAsync($"{other.Failure?.Message} {partner.SaveToken} {partner.Challenge} {partner.TokenHandlers.Single().GetType().Name}");
            });

        Assert.Equal("The IAP assertion was not accepted: iap.audience. True Partner JsonWebTokenHandler", (await app.GetAsync(app.Issuer.Issue(IapWorld.Audience))).Body);
    }

    [Fact]
    public async Task Does_not_start_with_mistakes_and_names_them_all()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => IapApp.StartAsync(iap => iap.AddGoogleIap(options =>
        {
            options.ProjectNumber = "x";
            options.ClockSkew = TimeSpan.FromHours(1);
        })));
        Assert.Equal(2, error.Failures.Count());

        error = await Assert.ThrowsAsync<OptionsValidationException>(() => IapApp.StartAsync(iap => iap.AddGoogleIap(_ => { })));
        Assert.Contains("GoogleIap:Audiences is empty", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warns_once_of_an_audience_that_iap_does_not_issue_and_of_keys_that_are_not_Googles()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["OriginGuard:Iap:Audiences:0"] = "1-a.apps.googleusercontent.com" }).Build();
        await using var app = await IapApp.StartAsync(iap => iap.AddGoogleIap(), configuration: configuration);
        configuration.Reload();
        await app.GetAsync(app.Issuer.Issue(IapWorld.Audience));

        Assert.Equal(
            ["OriginGuard:Iap:Audiences:0 (1-a.apps.googleusercontent.com)", "OriginGuard:Iap:KeysUri"],
            app.Logs.WithId(4521).Select(entry => entry.Message[..entry.Message.IndexOf(" is ", StringComparison.Ordinal)]));
        Assert.All(app.Logs.WithId(4521), entry => Assert.Equal(LogLevel.Warning, entry.Level));
    }

    [Theory]
    [InlineData("host", "OriginGuard:Iap")]
    [InlineData("root", "OriginGuard:Iap")]
    [InlineData("section", "Internal:SignIn")]
    public async Task Reads_its_configuration_as_strictly_as_the_guard_and_names_the_full_key(string given, string section)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{section}:Audiences:0"] = IapWorld.Audience,
            [$"{section}:AllowAnonymus"] = "true",
            [$"{section}:ClockSkew"] = "soon",
            [$"{section}:MaxTokenLifetime"] = "24:00:00",
        }).Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => IapApp.StartAsync(
            iap => _ = given switch
            {
                "host" => iap.AddGoogleIap(),
                "root" => iap.AddGoogleIap(configuration),
                _ => iap.AddGoogleIap(configuration.GetSection(section)),
            },
            configuration: configuration));

        Assert.Equal(3, error.Failures.Count());
        Assert.Contains(error.Failures, mistake => mistake.StartsWith($"{section}:AllowAnonymus is not a setting; it looks like AllowAnonymous.", StringComparison.Ordinal));
        Assert.Contains(error.Failures, mistake => mistake.StartsWith($"{section}:ClockSkew is \"soon\"; a duration", StringComparison.Ordinal));
        Assert.Contains(error.Failures, mistake => mistake.Contains($"{section}:MaxTokenLifetime is \"24:00:00\"", StringComparison.Ordinal) && mistake.Contains("Write 1.00:00:00", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_audience_that_a_later_source_took_away_is_nobodys()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("OriginGuard:Iap:Audiences:0", "/projects/1/apps/one"), new("OriginGuard:Iap:Audiences:1", IapWorld.Audience)])
            .AddInMemoryCollection([new("OriginGuard:Iap:Audiences:0", "/projects/1/apps/two")])
            .Build();
        await using var app = await IapApp.StartAsync(iap => iap.AddGoogleIap(configuration));

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync(app.Issuer.Issue(IapWorld.Audience))).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync(app.Issuer.Issue("/projects/1/apps/two"))).Status);
    }

    [Theory]
    [InlineData("host")]
    [InlineData("root")]
    [InlineData("section")]
    public async Task Follows_its_configuration_and_keeps_it_when_a_change_has_a_mistake(string given)
    {
        Dictionary<string, string?> values = new() { ["OriginGuard:Iap:Audiences:0"] = "/projects/1/apps/one" };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        await using var app = await IapApp.StartAsync(
            iap => _ = given switch
            {
                "host" => iap.AddGoogleIap(),
                "root" => iap.AddGoogleIap(configuration),
                _ => iap.AddGoogleIap(configuration.GetSection("OriginGuard:Iap")),
            },
            configuration: configuration);
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync(app.Issuer.Issue("/projects/1/apps/one"))).Status);

        Change("OriginGuard:Iap:Audiences:0", "/projects/1/apps/two");
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync(app.Issuer.Issue("/projects/1/apps/one"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync(app.Issuer.Issue("/projects/1/apps/two"))).Status);

        Change("OriginGuard:Iap:ClockSkew", "01:00:00");
        Change("OriginGuard:Iap:ClockSkew", "soon");
        Change("OriginGuard:Iap:KeysUri", "http://keys.example/");
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync(app.Issuer.Issue("/projects/1/apps/two"))).Status);
        Assert.All(app.Logs.WithId(4520), entry => Assert.Equal(LogLevel.Error, entry.Level));
        Assert.Contains(app.Logs.WithId(4520), entry => entry.Message.Contains("OriginGuard:Iap:ClockSkew is 01:00:00", StringComparison.Ordinal));
        Assert.Contains(app.Logs.WithId(4520), entry => entry.Message.Contains("OriginGuard:Iap:ClockSkew", StringComparison.Ordinal));

        void Change(string key, string value)
        {
            configuration[key] = value;
            configuration.Reload();
        }
    }
}
