using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Guard;

/// <summary>What arrived is what counts, whatever ran between the server and the guard.</summary>
public sealed class ArrivalTests
{
    private const string Chain = "6.6.6.6,203.0.113.9,198.51.100.1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>What an application may have put in front of the guard.</summary>
    public static TheoryData<string, Action<WebApplication>> Before => new()
    {
        { "nothing", static _ => { } },
        { "forwarded headers, one entry", static app => app.UseForwardedHeaders(Trusting(limit: 1)) },
        { "forwarded headers, two entries", static app => app.UseForwardedHeaders(Trusting(limit: 2)) },
        { "forwarded headers, all entries", static app => app.UseForwardedHeaders(Trusting(limit: null)) },
        { "forwarded headers, originals under other names", static app => app.UseForwardedHeaders(Trusting(limit: 1, original: "X-Was")) },
        { "forwarded headers twice", static app => app.UseForwardedHeaders(Trusting(limit: 1)).UseForwardedHeaders(Trusting(limit: 1)) },
        { "somebody who deletes the headers", static app => app.Use(next => context =>
            {
                context.Request.Headers.Remove("X-Forwarded-For");
                context.Request.Headers.Remove("X-Forwarded-Proto");
                return next(context);
            })
        },
    };

    [Theory]
    [MemberData(nameof(Before))]
    public async Task The_client_and_its_scheme_are_what_the_load_balancer_wrote(string before, Action<WebApplication> first)
    {
        Seen? seen = null;
        await using var app = await StartAsync(first, found => seen = found, ("ClientAddress:Restore", "true"));

        await app.SendAsync(GuardedApp.LoadBalancer, static request => Ask(request, Chain, "http,https"));

        Assert.Equal((before, "203.0.113.9", "203.0.113.9", "https"), (before, seen?.Client, seen?.Remote, seen?.Scheme));
    }

    [Theory]
    [MemberData(nameof(Before))]
    public async Task Where_the_load_balancer_wrote_none_nothing_of_the_callers_takes_its_place(string before, Action<WebApplication> first)
    {
        Seen? seen = null;
        await using var app = await StartAsync(first, found => seen = found, ("ClientAddress:Restore", "true"));

        await app.SendAsync(GuardedApp.LoadBalancer, static request => Ask(request, "6.6.6.6,not-an-address,198.51.100.1", "https,gopher"));

        Assert.Equal((before, null, "34.96.1.1", "http"), (before, seen?.Client, seen?.Remote, seen?.Scheme));
    }

    [Theory]
    [MemberData(nameof(Before))]
    public async Task The_peer_by_X_Forwarded_For_is_never_an_entry_further_left(string before, Action<WebApplication> first)
    {
        Seen? seen = null;
        await using var app = await StartAsync(first, found => seen = found, ("SourceAddress:From", "ForwardedFor"));

        var stranger = await app.SendAsync(IPAddress.Parse("169.254.1.1"), static request => Ask(request, "34.96.0.7,203.0.113.66", "https"));
        var strangerWithoutAddress = await app.SendAsync(null, static request => Ask(request, "34.96.0.7,203.0.113.66", "https"));
        var loadBalancer = await app.SendAsync(IPAddress.Parse("169.254.1.1"), static request => Ask(request, "203.0.113.66,34.96.0.7", "https"));

        Assert.Equal((before, 403, 403, 200), (before, stranger.Response.StatusCode, strangerWithoutAddress.Response.StatusCode, loadBalancer.Response.StatusCode));
        Assert.Equal("34.96.0.7", seen?.Peer);
    }

    [Fact]
    public async Task The_name_that_the_framework_gives_to_original_values_is_no_word_of_the_callers()
    {
        Seen? seen = null;
        await using var app = await StartAsync(static _ => { }, found => seen = found, ("SourceAddress:From", "ForwardedFor"));

        await app.SendAsync(IPAddress.Parse("169.254.1.1"), static request =>
        {
            Ask(request, "203.0.113.9,34.96.0.7", "https");
            request.Headers["X-Original-For"] = "6.6.6.6:1";
        });

        Assert.Equal("34.96.0.7", seen?.Peer);
    }

    [Fact]
    public async Task With_the_frameworks_switch_the_client_stays_the_client()
    {
        var settings = GuardedApp.Settings(("SourceAddress:Networks:2", "127.0.0.0/8"), ("ClientAddress:Restore", "true"));
        settings["FORWARDEDHEADERS_ENABLED"] = "true";
        await using var origin = await GuardedOrigin.StartAsync(settings, pipeline: static app =>
        {
            app.UseOriginGuard();
            app.Run(static context => context.Response.WriteAsync(
                $"{context.Features.Get<IOriginGuardFeature>()!.ClientAddress} {context.Connection.RemoteIpAddress} {context.Request.Scheme}"));
        });
        using var client = SimulatedLoadBalancer.CreateDirectClient(origin.Address, IPAddress.Loopback);
        using var request = new HttpRequestMessage(HttpMethod.Get, origin.Address);
        request.Headers.Add("X-Origin-Guard", GuardedApp.Secret);
        request.Headers.Add("X-Forwarded-For", Chain);
        request.Headers.Add("X-Forwarded-Proto", "http,https");

        var answer = await client.SendAsync(request, Token);

        Assert.Equal("203.0.113.9 203.0.113.9 https", await answer.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task On_a_dual_stack_listener_every_address_is_in_its_plain_form()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux binds all of 127.0.0.0/8.");
        var settings = GuardedApp.Settings(("SourceAddress:Networks:2", "127.9.0.0/16"), ("ClientAddress:Restore", "true"));
        await using var origin = await GuardedOrigin.StartAsync(settings, static options => options.ListenAnyIP(0), static app =>
        {
            app.UseOriginGuard();
            app.Run(static context => context.Response.WriteAsync(
                $"{context.Features.Get<IOriginGuardFeature>()!.PeerAddress} {context.Connection.RemoteIpAddress}"));
        });
        var address = new UriBuilder(origin.Address) { Host = "127.0.0.1" }.Uri;
        using var client = SimulatedLoadBalancer.CreateDirectClient(address, IPAddress.Parse("127.9.1.1"));
        using var stranger = SimulatedLoadBalancer.CreateDirectClient(address, IPAddress.Parse("127.10.1.1"));
        client.DefaultRequestHeaders.Add("X-Origin-Guard", GuardedApp.Secret);

        var withoutClient = await client.GetStringAsync(address, Token);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "::ffff:203.0.113.9,198.51.100.1");
        var withClient = await client.GetStringAsync(address, Token);
        await stranger.GetAsync(address, Token);

        Assert.Equal("127.9.1.1 127.9.1.1", withoutClient);
        Assert.Equal("127.9.1.1 203.0.113.9", withClient);
        Assert.Contains("peer 127.10.1.1 ", Assert.Single(origin.Logs.WithId(4012)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(origin.Logs.Entries, static entry => entry.Message.Contains("::ffff:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("::ffff:0.0.0.0")]
    public async Task The_unspecified_address_is_nobodys(string entry)
    {
        Seen? seen = null;
        await using var app = await StartAsync(static _ => { }, found => seen = found, ("ClientAddress:Restore", "true"));

        await app.SendAsync(GuardedApp.LoadBalancer, request => Ask(request, $"{entry},198.51.100.1", "https"));

        Assert.Equal((null, "34.96.1.1"), (seen?.Client, seen?.Remote));
    }

    [Theory]
    [InlineData("Connection", "Enforce", 403)]
    [InlineData("ForwardedFor", "Enforce", 403)]
    [InlineData("Connection", "Disabled", 200)]
    public async Task On_a_context_that_something_in_front_has_made_nothing_counts_that_it_may_have_written(string from, string mode, int status)
    {
        Seen? seen = null;
        HttpContext? made = null;
        await using var app = await StartAsync(
            app => app.Use(next => context =>
            {
                made = new DefaultHttpContext { RequestServices = context.RequestServices, Connection = { RemoteIpAddress = IPAddress.Parse("34.96.0.7") } };
                Ask(made.Request, "203.0.113.9,34.96.0.7", "https");
                return next(made);
            }),
            found => seen = found,
            ("SourceAddress:From", from), ("SourceAddress:Mode", mode), ("ClientAddress:Restore", "true"));

        await app.SendAsync(GuardedApp.LoadBalancer, static request => Ask(request, Chain, "https"));

        Assert.Equal(status, made?.Response.StatusCode);
        Assert.Equal(status == 200 ? new Seen("", null, "", "http") : null, seen);
    }

    [Theory]
    [InlineData(true, new[] { "/probe", "/orders", "/probe" }, new[] { 200, 200, 200 })]
    [InlineData(false, new[] { "/orders" }, new[] { 403 })]
    [InlineData(false, new[] { "/probe", "/orders", "/probe" }, new[] { 200, 403, 200 })]
    public async Task Requests_that_are_made_of_parts_of_another_are_judged_and_run_as_themselves(bool isThrough, string[] parts, int[] statuses)
    {
        List<string> ran = [];
        List<int> seen = [];
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(("Exemptions:0:Path", "/batch"), ("Exemptions:1:Path", "/probe")), pipeline: app =>
        {
            UseBatch(app, parts, seen);
            app.UseOriginGuard();
            app.Run(context =>
            {
                ran.Add($"{context.Request.Path}{context.Request.Headers["X-Origin-Guard"]}");
                return Task.CompletedTask;
            });
        });

        await app.SendAsync(isThrough ? GuardedApp.LoadBalancer : GuardedApp.Stranger, request =>
        {
            request.Path = "/batch";
            request.Headers["X-Origin-Guard"] = isThrough ? GuardedApp.Secret : "";
        });

        Assert.Equal(statuses, seen);
        Assert.Equal(parts.Zip(statuses).Where(static part => part.Second == 200).Select(static part => part.First), ran);
        Assert.Empty(app.Logs.WithId(4016));
    }

    [Fact]
    public async Task A_part_has_nothing_of_the_exemption_of_the_endpoint_that_the_whole_goes_to()
    {
        List<int> seen = [];
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: app =>
        {
            app.UseRouting();
            UseBatch(app, ["/orders"], seen);
            app.UseOriginGuard();
            app.MapGet("/batch", static () => "the whole").AllowDirectAccess();
        });

        await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/batch");

        Assert.Equal([403], seen);
    }

    /// <summary>As libraries do with the parts of a batch: the features are those of the outer request, but for the request itself.</summary>
    private static void UseBatch(WebApplication app, string[] parts, List<int> seen) => app.Use(next => async context =>
    {
        foreach (var path in parts)
        {
            FeatureCollection features = new(context.Features);
            features.Set<IHttpRequestFeature>(new HttpRequestFeature
            {
                Method = "GET",
                Path = path,
                RawTarget = path,
                Scheme = "http",
                Headers = new HeaderDictionary { ["X-Origin-Guard"] = "what a part may say" },
            });
            features.Set<IHttpResponseFeature>(new HttpResponseFeature());
            features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
            var part = new DefaultHttpContext(features);
            await next(part);
            seen.Add(part.Response.StatusCode);
        }
    });

    private static void Ask(HttpRequest request, string forwardedFor, string forwardedProto)
    {
        request.Scheme = "http";
        request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
        request.Headers["X-Forwarded-For"] = forwardedFor;
        request.Headers["X-Forwarded-Proto"] = forwardedProto;
    }

    private static ForwardedHeadersOptions Trusting(int? limit, string? original = null)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = limit };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        options.OriginalForHeaderName = original ?? options.OriginalForHeaderName;
        return options;
    }

    private static Task<GuardedApp> StartAsync(Action<WebApplication> first, Action<Seen> see, params (string Key, string? Value)[] more) =>
        GuardedApp.StartAsync(GuardedApp.Settings(more), pipeline: app =>
        {
            first(app);
            app.UseOriginGuard();
            app.Run(context =>
            {
                var feature = context.Features.Get<IOriginGuardFeature>()!;
                see(new Seen($"{feature.PeerAddress}", feature.ClientAddress?.ToString(), $"{context.Connection.RemoteIpAddress}", context.Request.Scheme));
                return Task.CompletedTask;
            });
        });

    private sealed record Seen(string Peer, string? Client, string Remote, string Scheme);
}
