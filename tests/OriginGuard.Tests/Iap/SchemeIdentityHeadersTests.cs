using System.Net;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Iap;

/// <summary>The scheme without the guard: what names the user without a signature is gone before anybody can read it.</summary>
public sealed class SchemeIdentityHeadersTests : IAsyncLifetime
{
    private readonly IapAssertionIssuer _issuer = new();
    private IapKeyEndpoint _keys = null!;

    public async ValueTask InitializeAsync() => _keys = await IapKeyEndpoint.StartAsync(_issuer, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _keys.DisposeAsync();
        _issuer.Dispose();
    }

    [Fact]
    public async Task Are_gone_before_the_first_middleware_and_on_endpoints_that_ask_for_nobody()
    {
        await using var app = await StartAsync();

        Assert.Equal("front: none; behind: none", await AskAsync(app, "/open"));
        Assert.Equal("front: none; behind: none", await AskAsync(app, "/open", assertion: "garbage"));
        Assert.Equal("front: none; behind: none", await AskAsync(app, "/open", assertion: _issuer.Issue(IapWorld.Audience, kind: IapAssertionKind.Signature)));
    }

    [Fact]
    public async Task Name_the_verified_user_and_never_whom_the_caller_named()
    {
        await using var app = await StartAsync();
        var assertion = _issuer.Issue(IapWorld.Audience, new IapIdentity { Subject = "accounts.google.com:42", Email = "grace@example.com" });

        Assert.Equal(
            "front: none; behind: X-Goog-Authenticated-User-Email=accounts.google.com:grace@example.com X-Goog-Authenticated-User-ID=accounts.google.com:42",
            await AskAsync(app, "/open", assertion));
    }

    [Fact]
    public async Task Name_nobody_whom_an_event_of_the_application_turns_away()
    {
        await using var app = await StartAsync(services => services.Configure<JwtBearerOptions>(IapDefaults.AuthenticationScheme, bearer => bearer.Events = new()
        {
            OnTokenValidated = context =>
            {
                context.Fail("not this one");
                return Task.CompletedTask;
            },
        }));

        Assert.Equal("front: none; behind: none", await AskAsync(app, "/open", _issuer.Issue(IapWorld.Audience)));
    }

    [Fact]
    public async Task Are_taken_off_by_one_filter_however_many_schemes_there_are()
    {
        await using var app = await StartAsync(services => services.AddAuthentication()
            .AddGoogleIap(options => options.Audiences = [IapWorld.Audience])
            .AddGoogleIap("Other", options => options.Audiences = [IapWorld.Audience]));

        Assert.Single(app.Services.GetServices<IStartupFilter>(), filter => filter.GetType().Name == "IapIdentityHeadersStartupFilter");
        Assert.Equal("front: none; behind: none", await AskAsync(app, "/open"));
    }

    [Fact]
    public async Task Are_taken_off_by_kestrel_too_whose_headers_are_no_dictionary()
    {
        await using var app = await StartAsync(kestrel: true);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/open");
        foreach (var name in Forged)
        {
            request.Headers.TryAddWithoutValidation(name, "eve");
        }

        var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("front: none; behind: none", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static readonly string[] Forged =
        ["x-goog-authenticated-user-email", "X_Goog_Authenticated_User_Id", "x.goog.iap.attr.role", "X-Goog-Iap-Attr-Role", "X_GOOG-IAP.ATTR_ROLE"];

    private async Task<WebApplication> StartAsync(Action<IServiceCollection>? more = null, bool kestrel = false)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        if (kestrel)
        {
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        }
        else
        {
            builder.WebHost.UseTestServer();
        }

        builder.Logging.ClearProviders();
        builder.Services.AddRouting().AddAuthentication(IapDefaults.AuthenticationScheme).AddGoogleIap(options => options.Audiences = [IapWorld.Audience]);
        builder.Services.ConfigureAll<IapOptions>(options => options.KeysUri = _keys.Uri);
        more?.Invoke(builder.Services);
        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.Items["front"] = Unsigned(context);
            return next(context);
        });
        app.UseAuthentication();
        app.MapGet("/open", (HttpContext context) => $"front: {context.Items["front"]}; behind: {Unsigned(context)}");
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static string Unsigned(HttpContext context)
    {
        var found = context.Request.Headers
            .Where(header => header.Key[0] is 'x' or 'X' && !header.Key.Contains("jwt", StringComparison.OrdinalIgnoreCase))
            .OrderBy(header => header.Key, StringComparer.Ordinal)
            .Select(header => $"{header.Key}={header.Value}");
        return string.Join(' ', found) is { Length: > 0 } text ? text : "none";
    }

    private static async Task<string> AskAsync(WebApplication app, string path, string? assertion = null)
    {
        var answer = await app.GetTestServer().SendAsync(
            context =>
            {
                context.Request.Path = path;
                foreach (var name in Forged)
                {
                    context.Request.Headers[name] = "eve";
                }

                if (assertion is not null)
                {
                    context.Request.Headers[IapDefaults.AssertionHeader] = assertion;
                }
            },
            TestContext.Current.CancellationToken);
        using var reader = new StreamReader(answer.Response.Body);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
