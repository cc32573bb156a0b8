using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Arming;
using OriginGuard.Guard;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Guard;

/// <summary>Servers use one context for request after request. What comes back late for the former must not touch the next.</summary>
public sealed class LateAnswerTests
{
    private const string Audience = "/projects/1/apps/x";

    [Fact]
    public async Task A_wait_that_something_in_front_gave_up_does_not_reach_into_the_next_request()
    {
        using var issuer = new IapAssertionIssuer(new ManualTimeProvider());
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, TestContext.Current.CancellationToken);
        await using var app = await GuardedApp.StartAsync(("Iap:Audiences:0", Audience), ("Iap:KeysUri", $"{keys.Uri}"));
        var gate = new TaskCompletionSource();
        List<string> ran = [];
        var pipeline = Pipeline(app, gate.Task, ran);
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = GuardedApp.LoadBalancer }, RequestServices = app.Services };
        app.Clock.Advance(TimeSpan.FromSeconds(30)); // past the cool-down: a key that nobody knows is asked for at once
        keys.Behavior = IapKeyEndpointBehavior.Hang;
        issuer.Rotate();

        context.Request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
        context.Request.Headers[IapDefaults.AssertionHeader] = issuer.Issue(Audience);
        var former = pipeline(context);
        Assert.False(former.IsCompleted);

        context.Request.Headers.Clear();
        context.Features.Set<IOriginGuardFeature>(null);
        context.Request.Headers["X-Gate"] = "shut";
        var next = pipeline(context);
        app.Clock.Advance(TimeSpan.FromSeconds(3)); // the former request's patience is over
        await former;
        Assert.Equal((200, false), (context.Response.StatusCode, context.Response.HasStarted));

        gate.SetResult();
        await next;
        Assert.Equal(403, context.Response.StatusCode);
        Assert.Empty(ran);
    }

    /// <summary>Between two requests, a server has begun to use the context anew before the guard sees the next one.</summary>
    [Fact]
    public async Task A_wait_ends_with_its_response_also_before_the_next_request_arrives()
    {
        await using var app = await GuardedApp.StartAsync();
        var requests = app.Services.GetRequiredService<GuardedRequests>();
        var response = new CompletingResponse();
        var context = new DefaultHttpContext { RequestServices = app.Services };
        context.Features.Set<IHttpResponseFeature>(response);
        var request = requests.Arrive(context);
        request.BeginWait();
        Assert.False((await request.EndWaitAsync(ValueTask.FromResult(0))).IsOver);
        request.BeginWait(); // for the key, and then for the transformation of the user

        await response.CompleteAsync();

        Assert.True((await request.EndWaitAsync(ValueTask.FromResult(0))).IsOver);
        Assert.NotSame(request, requests.Arrive(context));
    }

    /// <summary>Between the two waits of a request the server may end it as well: then nothing of its user goes into what comes next.</summary>
    [Fact]
    public async Task A_request_that_ends_between_two_waits_is_over_for_good()
    {
        await using var app = await GuardedApp.StartAsync();
        var response = new CompletingResponse();
        var context = new DefaultHttpContext { RequestServices = app.Services };
        context.Features.Set<IHttpResponseFeature>(response);
        var request = app.Services.GetRequiredService<GuardedRequests>().Arrive(context);
        List<string> ran = [];
        request.BeAsked(_ =>
        {
            ran.Add("next");
            return Task.CompletedTask;
        });
        request.BeginWait();
        Assert.False((await request.EndWaitAsync(ValueTask.FromResult(0))).IsOver);

        await response.CompleteAsync();
        var nobody = context.User = new ClaimsPrincipal();
        await SignedInUser.GoOnAsync(request, new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "ada")], "iap")));

        Assert.Same(nobody, context.User);
        Assert.Empty(context.Request.Headers);
        Assert.Empty(ran);
        request.BeginWait();
        Assert.True((await request.EndWaitAsync(ValueTask.FromResult(0))).IsOver);
    }

    [Theory]
    [InlineData(IapAssertionKind.NotSet, 200)]
    [InlineData(IapAssertionKind.Signature, 403)]
    public async Task A_request_that_waits_for_a_new_key_gets_the_answer_of_its_own(IapAssertionKind kind, int status)
    {
        using var issuer = new IapAssertionIssuer(new ManualTimeProvider());
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, TestContext.Current.CancellationToken);
        await using var app = await GuardedApp.StartAsync(("Iap:Audiences:0", Audience), ("Iap:KeysUri", $"{keys.Uri}"));
        app.Clock.Advance(TimeSpan.FromSeconds(30)); // past the cool-down
        issuer.Rotate();

        var context = await app.SendAsync(GuardedApp.LoadBalancer, request =>
        {
            request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
            request.Headers[IapDefaults.AssertionHeader] = issuer.Issue(Audience, kind: kind);
        });

        Assert.Equal((status, 2), (context.Response.StatusCode, keys.FetchCount));
    }

    [Fact]
    public async Task Nor_does_it_end_the_wait_of_the_next()
    {
        await using var app = await GuardedApp.StartAsync();
        var requests = app.Services.GetRequiredService<GuardedRequests>();
        var context = new DefaultHttpContext { RequestServices = app.Services };
        var former = requests.Arrive(context);
        former.BeginWait();
        var next = requests.Arrive(context);
        next.BeginWait();

        Assert.True((await former.EndWaitAsync(ValueTask.FromResult(0))).IsOver);
        Assert.False((await next.EndWaitAsync(ValueTask.FromResult(0))).IsOver);
        Assert.NotSame(next, requests.Arrive(context)); // whoever has come back from a wait may not be through yet
    }

    [Fact]
    public async Task A_user_who_comes_late_is_not_that_of_the_next_request()
    {
        var transformation = new SlowTransformation();
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), services => services.AddSingleton<IClaimsTransformation>(transformation));
        var requests = app.Services.GetRequiredService<GuardedRequests>();
        var context = new DefaultHttpContext { RequestServices = app.Services };
        List<string> ran = [];
        var former = requests.Arrive(context);
        former.BeAsked(_ =>
        {
            ran.Add("former");
            return Task.CompletedTask;
        });
        var goesOn = SignedInUser.GoOnAsync(former, new ClaimsPrincipal(new ClaimsIdentity("iap")));
        Assert.False(goesOn.IsCompleted);

        requests.Arrive(context);
        var nobody = context.User = new ClaimsPrincipal();
        transformation.Gate.SetResult();
        await goesOn;

        Assert.Same(nobody, context.User);
        Assert.Empty(ran);
    }

    [Fact]
    public async Task The_route_of_the_next_request_is_not_that_of_a_former_one_in_the_arming_report()
    {
        using var issuer = new IapAssertionIssuer(new ManualTimeProvider());
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, TestContext.Current.CancellationToken);
        var transformation = new SlowTransformation();
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Settings(("SharedSecret:Mode", "ReportOnly"), ("Iap:Audiences:0", Audience), ("Iap:KeysUri", $"{keys.Uri}")),
            services => services.AddSingleton<IClaimsTransformation>(transformation));
        List<string> ran = [];
        var pipeline = Pipeline(app, Task.CompletedTask, ran);
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = GuardedApp.LoadBalancer }, RequestServices = app.Services };
        context.Request.Headers[IapDefaults.AssertionHeader] = issuer.Issue(Audience);
        var former = pipeline(context);
        Assert.False(former.IsCompleted);

        app.Services.GetRequiredService<GuardedRequests>().Arrive(context);
        context.SetEndpoint(new RouteEndpoint(static _ => Task.CompletedTask, RoutePatternFactory.Parse("/of-the-next"), 0, EndpointMetadataCollection.Empty, null));
        transformation.Gate.SetResult();
        await former;

        Assert.Empty(ran);
        Assert.Equal([null], app.Services.GetRequiredService<ArmingAccount>().Read().Callers.Select(static caller => caller.Route));
    }

    [Theory]
    [InlineData("iap", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public async Task Only_somebody_who_is_signed_in_gets_the_roles_of_the_application(string? authentication, bool isTransformed)
    {
        var user = authentication is null ? new ClaimsPrincipal() : new ClaimsPrincipal(new ClaimsIdentity(authentication));
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), static services => services.AddSingleton<IClaimsTransformation, AddedRole>());
        var context = new DefaultHttpContext { RequestServices = app.Services, User = new ClaimsPrincipal() };
        var request = app.Services.GetRequiredService<GuardedRequests>().Arrive(context);
        request.BeAsked(static _ => Task.CompletedTask);

        await SignedInUser.GoOnAsync(request, user);

        Assert.Equal((isTransformed, !isTransformed), (context.User.IsInRole("added"), ReferenceEquals(user, context.User)));
    }

    [Fact]
    public async Task The_address_of_a_connection_does_not_outlive_it()
    {
        await using var app = await GuardedApp.StartAsync();
        var requests = app.Services.GetRequiredService<GuardedRequests>();
        var context = new DefaultHttpContext { RequestServices = app.Services, Connection = { RemoteIpAddress = GuardedApp.LoadBalancer } };
        Assert.Equal(GuardedApp.LoadBalancer, requests.Arrive(context).ConnectionAddress);

        context.Connection.RemoteIpAddress = null;
        Assert.Null(requests.Arrive(context).ConnectionAddress);
    }

    private static RequestDelegate Pipeline(GuardedApp app, Task gate, List<string> ran)
    {
        var builder = new ApplicationBuilder(app.Services);
        app.Services.GetServices<IStartupFilter>().First().Configure(guarded =>
        {
            guarded.Use(async (context, next) =>
            {
                await (context.Request.Headers.ContainsKey("X-Gate") ? gate : Task.CompletedTask);
                await next(context);
            });
            guarded.UseOriginGuard();
            guarded.Run(context =>
            {
                ran.Add($"{context.User.Identity?.Name}");
                return Task.CompletedTask;
            });
        })(builder);
        return builder.Build();
    }

    private sealed class CompletingResponse : HttpResponseFeature
    {
        private readonly List<Func<Task>> _completed = [];

        public override void OnCompleted(Func<object, Task> callback, object state) => _completed.Add(() => callback(state));

        public Task CompleteAsync() => Task.WhenAll(_completed.Select(static callback => callback()));
    }

    private sealed class AddedRole : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal) =>
            Task.FromResult(new ClaimsPrincipal([.. principal.Identities, new ClaimsIdentity([new Claim(ClaimTypes.Role, "added")])]));
    }

    private sealed class SlowTransformation : IClaimsTransformation
    {
        public TaskCompletionSource Gate { get; } = new();

        public async Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            await Gate.Task;
            return principal;
        }
    }
}
