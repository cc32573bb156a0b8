using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Checks;
using OriginGuard.Iap;
using Xunit;

namespace OriginGuard.Tests.Iap;

/// <summary>
/// The guard and a scheme of IAP know the same user by the same assertion. Whom an event of the application turns away there is nobody, and the guard does not bring
/// the user back.
/// </summary>
public sealed class TurnedAwayUserTests
{
    private const string Nobody = "acts nobody, authorised nobody, role none, header none";

    private static readonly Dictionary<string, JwtBearerEvents> Rejections = new()
    {
        ["fails"] = new() { OnTokenValidated = static context => Done(() => context.Fail("dismissed")) },
        ["gives no result"] = new() { OnTokenValidated = static context => Done(context.NoResult) },
        ["fails the message"] = new() { OnMessageReceived = static context => Done(() => context.Fail("not from there")) },

        // What the application asks is down, and its other event makes a quiet refusal of that.
        ["throws"] = new() { OnTokenValidated = static _ => throw new InvalidOperationException("The directory is down."), OnAuthenticationFailed = static context => Done(context.NoResult) },
        ["throws at the message"] = new()
        {
            OnMessageReceived = static _ => throw new InvalidOperationException("The list of stolen assertions is down."),
            OnAuthenticationFailed = static context => Done(context.NoResult),
        },
    };

    public static TheoryData<string> Orders => TwoUsersTests.Orders;

    public static MatrixTheoryData<string, string> OrdersAndRejections => new(Orders.Select(static row => row.Data), Rejections.Keys);

    [Theory]
    [MemberData(nameof(OrdersAndRejections))]
    public async Task Whom_an_event_turns_away_is_nobody(string order, string rejection)
    {
        await using var app = await StartAsync(order, Rejections[rejection]);

        Assert.Equal("status 401", await app.AskAsync("/"));
        Assert.Equal(Nobody, await app.AskAsync("/anybody"));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Whose_message_an_event_passes_over_is_whom_the_guard_knows(string order)
    {
        await using var app = await StartAsync(order, new JwtBearerEvents { OnMessageReceived = static context => Done(context.NoResult) });

        Assert.StartsWith("acts ada@example.com", await app.AskAsync("/anybody"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Nor_does_a_user_come_back_whom_the_application_makes_anew_from_the_guards(string order)
    {
        await using var app = await StartAsync(
            order,
            new JwtBearerEvents { OnTokenValidated = static context => Done(() => context.Fail("dismissed")) },
            static services => services.AddSingleton<IClaimsTransformation, Copies>());

        Assert.Equal("status 401", await app.AskAsync("/"));
        Assert.Equal(Nobody, await app.AskAsync("/anybody"));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Whom_an_event_lets_in_acts(string order)
    {
        await using var app = await StartAsync(order, new JwtBearerEvents { OnTokenValidated = static context => Done(context.Success) });

        Assert.Equal(TwoUsersApp.Ada, await app.AskAsync("/"));
    }

    /// <summary>The scheme has found nobody whom the application could turn away: the event only says how a failure is told.</summary>
    [Theory]
    [MemberData(nameof(Orders))]
    public async Task The_guards_user_stays_where_it_was_the_scheme_that_did_not_accept_the_assertion(string order)
    {
        await using var app = await StartAsync(
            order,
            new JwtBearerEvents { OnAuthenticationFailed = static context => Done(context.NoResult) },
            static services => services.Configure<IapOptions>(IapDefaults.AuthenticationScheme, static options => options.Audiences = ["/projects/1/apps/another"]));

        Assert.Equal(TwoUsersApp.Ada, await app.AskAsync("/"));
    }

    /// <summary>The application asks the scheme of IAP beside its own, and late.</summary>
    [Theory]
    [MemberData(nameof(Orders))]
    public async Task The_user_of_another_scheme_stays_and_the_guards_goes(string order)
    {
        await using var app = await TwoUsersApp.StartAsync(order, static services =>
        {
            services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie().AddGoogleIap(static options => options.Audiences = [IapWorld.Audience]);
            services.Configure<JwtBearerOptions>(
                IapDefaults.AuthenticationScheme,
                static bearer => bearer.Events = new JwtBearerEvents { OnTokenValidated = static context => Done(() => context.Fail("dismissed")) });
        });
        var cookie = await app.SignInAsync();

        Assert.Equal("acts grace, authorised grace, role admin, header none", await app.AskAsync("/asks-iap", request => request.Headers.Cookie = cookie));
        Assert.Equal("acts nobody, authorised ada@example.com, role none, header none", await app.AskAsync("/asks-iap"));
    }

    [Fact]
    public void The_guards_user_goes_also_in_a_principal_that_the_application_has_put_around_it()
    {
        var given = new ClaimsPrincipal(new ClaimsIdentity("GoogleIap"));
        var own = new ClaimsIdentity("own");

        Assert.False(IsSignedInAfterwards(given, given));
        Assert.False(IsSignedInAfterwards(given, new ClaimsPrincipal([.. given.Identities, own])));
        Assert.True(IsSignedInAfterwards(given, new ClaimsPrincipal([own, .. given.Identities])));
        Assert.True(IsSignedInAfterwards(given, new ClaimsPrincipal(own)));
        Assert.True(IsSignedInAfterwards(given: null, new ClaimsPrincipal(own)));
    }

    private static bool IsSignedInAfterwards(ClaimsPrincipal? given, ClaimsPrincipal user)
    {
        var context = new DefaultHttpContext { User = user };
        context.Features[typeof(IOriginGuardFeature)] = new OriginFindings { GivenUser = given };

        TurnedAwayUser.TakeOff(context);

        return context.User.Identity?.IsAuthenticated is true;
    }

    private static Task<TwoUsersApp> StartAsync(string order, JwtBearerEvents events, Action<IServiceCollection>? more = null) => TwoUsersApp.StartAsync(order, services =>
    {
        services.AddAuthentication(IapDefaults.AuthenticationScheme).AddGoogleIap(static options => options.Audiences = [IapWorld.Audience]);
        services.Configure<JwtBearerOptions>(IapDefaults.AuthenticationScheme, bearer => bearer.Events = events);
        more?.Invoke(services);
    });

    private static Task Done(Action end)
    {
        end();
        return Task.CompletedTask;
    }

    /// <summary>As an application does that leaves alone what it was given.</summary>
    private sealed class Copies : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal) => Task.FromResult(principal.Clone());
    }
}
