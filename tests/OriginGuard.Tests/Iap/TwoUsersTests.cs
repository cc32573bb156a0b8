using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace OriginGuard.Tests.Iap;

/// <summary>
/// The guard has a user and the application has schemes of its own. The application's own scheme wins; the guard's user is that of a request for which no scheme
/// of the application has found anybody; and who is authorised is who acts, wherever authentication stands.
/// </summary>
public sealed class TwoUsersTests
{
    public static TheoryData<string> Orders => new(TwoUsersApp.Implied, TwoUsersApp.Before, TwoUsersApp.Behind);

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task A_cookie_of_the_application_wins(string order)
    {
        await using var app = await TwoUsersApp.StartAsync(order, static services => services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie());
        var cookie = await app.SignInAsync();

        Assert.Equal("acts grace, authorised grace, role admin, header accounts.google.com:ada@example.com", await app.AskAsync("/", request => request.Headers.Cookie = cookie));
        Assert.Equal(TwoUsersApp.Ada, await app.AskAsync("/"));
        Assert.Equal(TwoUsersApp.Ada, await app.AskAsync("/", request => request.Headers.Cookie = cookie[..^8]));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task A_bearer_token_of_the_application_wins(string order)
    {
        await using var app = await TwoUsersApp.StartAsync(order, static services => services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(static bearer => TwoUsersApp.Configure(bearer)));

        Assert.Equal(
            "acts grace, authorised grace, role admin, header accounts.google.com:ada@example.com",
            await app.AskAsync("/", static request => request.Headers.Authorization = $"Bearer {TwoUsersApp.Token("grace")}"));
        Assert.Equal(TwoUsersApp.Ada, await app.AskAsync("/"));
        Assert.Equal(TwoUsersApp.Ada, await app.AskAsync("/", static request => request.Headers.Authorization = $"Bearer {TwoUsersApp.Token("grace")}x"));
    }

    /// <summary>As OpenID Connect is set up: a remote scheme challenges, a cookie remembers. Whom IAP has signed in need not sign in again.</summary>
    [Theory]
    [MemberData(nameof(Orders))]
    public async Task A_remote_scheme_is_not_asked_for_whom_iap_has_signed_in_and_its_cookie_wins(string order)
    {
        await using var app = await TwoUsersApp.StartAsync(order, static services => services
            .AddAuthentication(static authentication =>
            {
                authentication.DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;
                authentication.DefaultChallengeScheme = "remote";
            })
            .AddCookie()
            .AddOAuth("remote", static remote =>
            {
                (remote.ClientId, remote.ClientSecret, remote.CallbackPath) = ("id", "secret", "/signin-remote");
                (remote.AuthorizationEndpoint, remote.TokenEndpoint) = ("https://provider.example/authorize", "https://provider.example/token");
            }));
        var cookie = await app.SignInAsync();

        Assert.Equal("acts grace, authorised grace, role admin, header accounts.google.com:ada@example.com", await app.AskAsync("/", request => request.Headers.Cookie = cookie));
        Assert.Equal(TwoUsersApp.Ada, await app.AskAsync("/"));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task The_scheme_of_iap_and_the_guard_find_the_same_user_once(string order)
    {
        await using var app = await TwoUsersApp.StartAsync(order, static services => services.AddAuthentication(IapDefaults.AuthenticationScheme)
            .AddGoogleIap(static options => options.Audiences = [IapWorld.Audience]));

        Assert.Equal(TwoUsersApp.Ada, await app.AskAsync("/"));
        Assert.Equal("1 identities, 1 subjects", await app.AskAsync("/count"));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task A_scheme_of_iap_for_another_resource_finds_nobody_and_the_guards_user_stays(string order)
    {
        await using var app = await TwoUsersApp.StartAsync(order, static services => services.AddAuthentication(IapDefaults.AuthenticationScheme)
            .AddGoogleIap(static options => options.Audiences = ["/projects/1/apps/another"]));

        Assert.Equal(TwoUsersApp.Ada, await app.AskAsync("/"));
    }

    /// <summary>An endpoint that names a scheme wants that scheme's user. There is none, so nobody acts and nobody is authorised.</summary>
    [Theory]
    [MemberData(nameof(Orders))]
    public async Task An_endpoint_that_names_a_scheme_is_not_opened_by_the_guards_user(string order)
    {
        await using var app = await TwoUsersApp.StartAsync(order, static services => services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(static bearer => TwoUsersApp.Configure(bearer)));

        Assert.Equal("status 401", await app.AskAsync("/bearer"));
        Assert.Equal(
            "acts grace, authorised grace, role admin, header accounts.google.com:ada@example.com",
            await app.AskAsync("/bearer", static request => request.Headers.Authorization = $"Bearer {TwoUsersApp.Token("grace")}"));
    }

    [Theory]
    [InlineData(TwoUsersApp.Implied)]
    [InlineData(TwoUsersApp.Behind)]
    public async Task Without_any_scheme_the_guards_user_acts(string order)
    {
        await using var app = await TwoUsersApp.StartAsync(order, static services => services.AddAuthentication());

        Assert.Equal(TwoUsersApp.Ada, await app.AskAsync("/"));
    }

    /// <summary>Report-only changes nothing: not the user, and not what the headers say.</summary>
    [Fact]
    public async Task A_layer_that_only_reports_gives_no_user()
    {
        await using var app = await TwoUsersApp.StartAsync(
            TwoUsersApp.Behind,
            static services => services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(),
            static options => options.Iap.Mode = LayerMode.ReportOnly);

        Assert.Equal("acts nobody, authorised nobody, role none, header eve", await app.AskAsync("/anybody"));
    }
}
