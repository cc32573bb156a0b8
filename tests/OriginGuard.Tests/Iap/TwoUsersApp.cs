using System.Net;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OriginGuard.Iap;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Iap;

/// <summary>An application with schemes of its own behind a guard with IAP, whose every request carries the assertion of Ada.</summary>
internal sealed class TwoUsersApp : IAsyncDisposable
{
    /// <summary>Nobody calls UseAuthentication: the framework puts it in.</summary>
    public const string Implied = "implied";

    public const string Before = "before the guard";
    public const string Behind = "behind the guard";

    public const string Ada = "acts ada@example.com, authorised ada@example.com, role admin, header accounts.google.com:ada@example.com";

    private const string Secret = "correct-horse-battery-staple-0001";

    private static readonly SymmetricSecurityKey Key = new(Encoding.ASCII.GetBytes("a key of the application that is long enough"));

    private readonly WebApplication _app;
    private readonly IapAssertionIssuer _issuer;
    private readonly IapKeyEndpoint _keys;

    private TwoUsersApp(WebApplication app, IapAssertionIssuer issuer, IapKeyEndpoint keys) => (_app, _issuer, _keys) = (app, issuer, keys);

    public static async Task<TwoUsersApp> StartAsync(string order, Action<IServiceCollection> schemes, Action<OriginGuardOptions>? more = null)
    {
        var issuer = new IapAssertionIssuer();
        var keys = await IapKeyEndpoint.StartAsync(issuer, TestContext.Current.CancellationToken);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IClaimsTransformation, Roles>();
        schemes(builder.Services);
        builder.Services.ConfigureAll<IapOptions>(options => options.KeysUri = keys.Uri);
        builder.Services.AddAuthorization(static authorization =>
        {
            authorization.AddPolicy("anybody", static policy => policy.RequireAssertion(static context => Note(context.Resource, context.User)));
            authorization.AddPolicy("somebody", static policy => policy.RequireAuthenticatedUser().RequireAssertion(static context => Note(context.Resource, context.User)));
            authorization.AddPolicy("bearer", static policy => policy.AddAuthenticationSchemes(JwtBearerDefaults.AuthenticationScheme)
                .RequireAuthenticatedUser().RequireAssertion(static context => Note(context.Resource, context.User)));
        });
        builder.Services.AddOriginGuard(options =>
        {
            options.SourceAddress.RecordNames = [];
            options.SharedSecret.Secrets = [Secret];
            options.Iap.Audiences = [IapWorld.Audience];
            options.Iap.KeysUri = keys.Uri;
            more?.Invoke(options);
        });
        var app = builder.Build();
        Use(app, order);
        app.MapGet("/", Say).RequireAuthorization("somebody");
        app.MapGet("/anybody", Say).RequireAuthorization("anybody");
        app.MapGet("/bearer", Say).RequireAuthorization("bearer");
        app.MapGet("/asks-iap", static async context =>
        {
            _ = await context.AuthenticateAsync(IapDefaults.AuthenticationScheme);
            await context.Response.WriteAsync(Say(context));
        }).RequireAuthorization("somebody");
        app.MapGet("/count", (ClaimsPrincipal user) => $"{user.Identities.Count()} identities, {user.FindAll(IapClaimTypes.Subject).Count()} subjects");
        app.MapGet("/sign-in", static context => context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "grace")], CookieAuthenticationDefaults.AuthenticationScheme))));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TwoUsersApp(app, issuer, keys);
    }

    public static void Configure(JwtBearerOptions bearer)
    {
        bearer.MapInboundClaims = false;
        bearer.TokenValidationParameters = new() { ValidIssuer = "application", ValidAudience = "application", IssuerSigningKey = Key, NameClaimType = "name" };
    }

    public static string Token(string name) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = "application",
        Audience = "application",
        Subject = new ClaimsIdentity([new Claim("name", name)]),
        SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.HmacSha256),
    });

    /// <summary>Who acts, as whom the request was authorised, and what the header says, which the caller wrote as eve.</summary>
    public async Task<string> AskAsync(string path, Action<HttpRequest>? change = null)
    {
        var context = await SendAsync(path, change);
        using var reader = new StreamReader(context.Response.Body);
        var body = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        return context.Response.StatusCode == StatusCodes.Status200OK ? body : $"status {context.Response.StatusCode}";
    }

    /// <summary>The cookie of Grace.</summary>
    public async Task<string> SignInAsync() =>
        (await SendAsync("/sign-in", null)).Response.Headers.SetCookie.Single()!.Split(';')[0]; // a header that is there has a value

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _keys.DisposeAsync();
        _issuer.Dispose();
    }

    private static void Use(WebApplication app, string order)
    {
        if (order is Before)
        {
            app.UseAuthentication();
        }

        app.UseOriginGuard();
        if (order is Behind)
        {
            app.UseAuthentication();
        }

        if (order is not Implied)
        {
            app.UseAuthorization();
        }
    }

    private static bool Note(object? resource, ClaimsPrincipal user)
    {
        ((HttpContext)resource!).Items["authorised"] = user.Identity?.Name; // the resource of endpoint routing
        return true;
    }

    private static string Say(HttpContext context) =>
        $"acts {context.User.Identity?.Name ?? "nobody"}, authorised {context.Items["authorised"] ?? "nobody"}, "
        + $"role {(context.User.IsInRole("admin") ? "admin" : "none")}, header {context.Request.Headers[IapIdentityHeaders.Email].FirstOrDefault() ?? "none"}";

    private Task<HttpContext> SendAsync(string path, Action<HttpRequest>? change) => _app.GetTestServer().SendAsync(
        context =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse("34.96.1.1");
            context.Request.Path = path;
            context.Request.Headers["X-Origin-Guard"] = Secret;
            context.Request.Headers[IapIdentityHeaders.Email] = "eve";
            context.Request.Headers[IapDefaults.AssertionHeader] = _issuer.Issue(IapWorld.Audience, new IapIdentity { Subject = "accounts.google.com:42", Email = "ada@example.com" });
            change?.Invoke(context.Request);
        },
        TestContext.Current.CancellationToken);

    /// <summary>What an application does that keeps roles of its own.</summary>
    private sealed class Roles : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            if (principal.Identity is ClaimsIdentity { IsAuthenticated: true } identity && !principal.IsInRole("admin"))
            {
                identity.AddClaim(new Claim(identity.RoleClaimType, "admin"));
            }

            return Task.FromResult(principal);
        }
    }
}
