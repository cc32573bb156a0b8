using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using OriginGuard.Exemptions;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Exemptions;

public sealed class ExemptionTests
{
    /// <summary>A context that says nothing of its request is exempt from nothing.</summary>
    [Fact]
    public void Nothing_is_exempt_where_no_request_is_to_be_seen() =>
        Assert.False(new ExemptPath("/healthz", null).Holds(new DefaultHttpContext(new FeatureCollection()), IPAddress.Loopback));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>On Cloud Run, where the connection is the platform's.</summary>
    [Theory]
    [InlineData("203.0.113.0/24", "198.51.100.1, 203.0.113.9", 200)]
    [InlineData("203.0.113.0/24", "203.0.113.9, 198.51.100.1", 403)]
    [InlineData("203.0.113.0/24", "", 403)]
    [InlineData("169.254.0.0/16", "198.51.100.1", 403)]
    public async Task A_path_that_is_exempt_for_some_is_so_for_the_peer_that_the_guard_looks_up(string network, string forwardedFor, int status)
    {
        await using var app = await GuardedApp.StartAsync(("Platform", "CloudRun"), ("Exemptions:0:Path", "/"), ("Exemptions:0:Networks:0", network));

        var context = await app.SendAsync(IPAddress.Parse("169.254.169.126"), request => request.Headers["X-Forwarded-For"] = forwardedFor);

        Assert.Equal(status, context.Response.StatusCode);
    }

    [Theory]
    [InlineData("/healthz", 200)]
    [InlineData("/healthz?verbose=1", 200)]
    [InlineData("/%68ealthz", 403)]
    [InlineData("/healthz/", 403)]
    [InlineData("//healthz", 403)]
    [InlineData("/HEALTHZ", 403)]
    [InlineData("/x/../healthz", 403)]
    [InlineData("/./healthz", 403)]
    [InlineData("/healthz;a=b", 403)]
    [InlineData("/healthz%2f", 403)]
    [InlineData("/healthz%00", 400)]
    [InlineData("http://origin.test/healthz", 403)]
    [InlineData("/", 403)]
    public async Task Only_the_exact_path_is_exempt(string target, int status)
    {
        await using var origin = await GuardedOrigin.StartAsync(GuardedApp.Settings(("Exemptions:0:Path", "/healthz")));

        Assert.Equal(status, await StatusOfAsync(origin, target));
    }

    [Fact]
    public async Task An_exemption_may_hold_for_some_peers_only()
    {
        await using var inside = await GuardedOrigin.StartAsync(GuardedApp.Settings(("Exemptions:0:Path", "/healthz"), ("Exemptions:0:Networks:0", "127.0.0.0/8")));
        await using var outside = await GuardedOrigin.StartAsync(GuardedApp.Settings(("Exemptions:0:Path", "/healthz"), ("Exemptions:0:Networks:0", "35.191.0.0/16")));

        Assert.Equal((200, 403), (await StatusOfAsync(inside, "/healthz"), await StatusOfAsync(outside, "/healthz")));
    }

    [Fact]
    public async Task A_peer_that_nobody_knows_is_none_of_some()
    {
        await using var app = await GuardedApp.StartAsync(("Exemptions:0:Path", "/probe"), ("Exemptions:0:Networks:0", "35.191.0.0/16"));

        var nobody = await app.SendAsync(null, static request => request.Path = "/probe");
        var probe = await app.SendAsync(IPAddress.Parse("35.191.0.1"), static request => request.Path = "/probe");

        Assert.Equal((403, 200), (nobody.Response.StatusCode, probe.Response.StatusCode));
    }

    [Fact]
    public async Task On_the_test_server_an_exemption_works_for_a_client_too()
    {
        await using var app = await GuardedApp.StartAsync(("Exemptions:0:Path", "/probe"));
        using var client = app.Server.CreateClient();

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/probe", UriKind.Relative), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(new Uri("/other", UriKind.Relative), Token)).StatusCode);
    }

    [Fact]
    public async Task The_secret_is_taken_off_an_exempt_request_too()
    {
        var hadSecret = true;
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: app =>
        {
            app.UseRouting();
            app.UseOriginGuard();
            app.MapGet("/probe", (HttpContext context) => { hadSecret = context.Request.Headers.ContainsKey("X-Origin-Guard") || context.Request.Headers.ContainsKey("X_Origin_Guard"); }).AllowDirectAccess();
        });

        var context = await app.SendAsync(GuardedApp.Stranger, request =>
        {
            request.Path = "/probe";
            request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
            request.Headers["X_Origin_Guard"] = GuardedApp.Secret;
        });

        Assert.Equal((200, false), (context.Response.StatusCode, hadSecret));
    }

    [Theory]
    [InlineData("/healthz", "/base/healthz", 200)]
    [InlineData("/healthz", "/healthz", 200)]
    [InlineData("/base/healthz", "/base/healthz", 200)]
    [InlineData("/base/healthz", "/healthz", 403)]
    [InlineData("/healthz", "/base/%68ealthz", 403)]
    [InlineData("/base/healthz", "/base//healthz", 403)]
    [InlineData("/healthz", "/base/x/../healthz", 403)]
    [InlineData("/healthz", "/other/healthz", 403)]
    [InlineData("/healthz", "/base/healthz/", 403)]
    public async Task Behind_a_path_base_an_exemption_is_the_path_as_it_was_sent_or_as_the_application_sees_it(string path, string target, int status)
    {
        await using var origin = await GuardedOrigin.StartAsync(GuardedApp.Settings(("Exemptions:0:Path", path)), pipeline: static app =>
        {
            app.UsePathBase("/base");
            app.UseOriginGuard();
            app.Run(static context => context.Response.WriteAsync("inside"));
        });

        Assert.Equal(status, await StatusOfAsync(origin, target));
    }

    [Fact]
    public async Task In_front_of_a_path_base_it_is_the_path_as_it_was_sent()
    {
        await using var origin = await GuardedOrigin.StartAsync(GuardedApp.Settings(("Exemptions:0:Path", "/base/healthz")), pipeline: static app =>
        {
            app.UseOriginGuard();
            app.UsePathBase("/base");
            app.Run(static context => context.Response.WriteAsync("inside"));
        });

        Assert.Equal((200, 403), (await StatusOfAsync(origin, "/base/healthz"), await StatusOfAsync(origin, "/healthz")));
    }

    [Theory]
    [InlineData("/./healthz", true)]
    [InlineData("/x/../healthz", true)]
    [InlineData("/.well-known/x..y", false)]
    public async Task A_path_that_no_request_can_have_is_pointed_out_at_the_start(string path, bool isPointedOut)
    {
        await using var app = await GuardedApp.StartAsync(("Exemptions:0:Path", path));

        Assert.Equal(isPointedOut, app.Logs.WithId(4007).Any(line => line.Message.StartsWith($"OriginGuard:Exemptions:0:Path {path} matches no request", StringComparison.Ordinal)));
    }

    /// <summary>A fallback to a page that is compiled while it runs does so, and so may a policy of the application's.</summary>
    [Theory]
    [InlineData("/status", "/status", 200)]
    [InlineData("/status", "/STATUS/", 200)]
    [InlineData("/status", "/base/status", 200)]
    [InlineData("/status", "/admin", 403)]
    [InlineData("/status", "/statuses", 403)]
    [InlineData("/status", "/admin/status", 403)]
    [InlineData("/", "/", 200)]
    [InlineData("/", "/admin", 403)]
    public async Task An_exempt_endpoint_that_is_reached_by_another_path_is_not_exempt(string pattern, string target, int status)
    {
        await using var origin = await GuardedOrigin.StartAsync(GuardedApp.Settings(), pipeline: app =>
        {
            app.UsePathBase("/base");
            app.Use((context, next) =>
            {
                context.SetEndpoint(((IEndpointRouteBuilder)app).DataSources.SelectMany(static source => source.Endpoints).Single());
                return next(context);
            });
            app.UseOriginGuard();
            app.MapGet(pattern, static () => "alive").AllowDirectAccess();
        });

        Assert.Equal(status, await StatusOfAsync(origin, target));
    }

    private static async Task<int> StatusOfAsync(GuardedOrigin origin, string target)
    {
        // A raw socket: clients normalise a path before they send it, attackers do not.
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, origin.Address.Port, Token);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: origin.test\r\nConnection: close\r\n\r\n"), Token);
        using var reader = new StreamReader(stream);
        var statusLine = await reader.ReadLineAsync(Token);
        return int.Parse(statusLine!.Split(' ')[1]);
    }
}
