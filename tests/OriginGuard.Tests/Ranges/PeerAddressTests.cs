using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OriginGuard.Ranges;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Ranges;

public sealed class PeerAddressTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_forwarded_headers_switch_does_not_let_a_direct_client_name_its_own_peer()
    {
        await using var origin = await GuardedOrigin.StartAsync(OnlyAddresses(("FORWARDEDHEADERS_ENABLED", "true")), pipeline: EchoBeforeTheGuard);
        using var client = SimulatedLoadBalancer.CreateDirectClient(origin.Address, IPAddress.Loopback);
        using var request = new HttpRequestMessage(HttpMethod.Get, origin.Address);
        request.Headers.Add("X-Forwarded-For", "34.96.1.1");

        var response = await client.SendAsync(request, Token);

        // The switch is really on: what the application sees is what the client wrote. The guard is not fooled.
        Assert.Equal("34.96.1.1", response.Headers.GetValues("Seen").Single());
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Forwarded_headers_middleware_in_front_of_the_guard_does_not_fool_it()
    {
        await using var origin = await GuardedOrigin.StartAsync(OnlyAddresses(), pipeline: app =>
        {
            var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All };
            options.KnownIPNetworks.Clear();
            options.KnownProxies.Clear();
            app.UseForwardedHeaders(options);
            EchoBeforeTheGuard(app);
        });
        using var client = SimulatedLoadBalancer.CreateDirectClient(origin.Address, IPAddress.Loopback);
        using var request = new HttpRequestMessage(HttpMethod.Get, origin.Address);
        request.Headers.Add("X-Forwarded-For", "34.96.1.1");

        var response = await client.SendAsync(request, Token);

        Assert.Equal("34.96.1.1", response.Headers.GetValues("Seen").Single());
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task On_the_test_server_too_the_switch_does_not_fool_the_guard()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: app =>
        {
            app.Use(next => context =>
            {
                context.Connection.RemoteIpAddress = GuardedApp.LoadBalancer;
                return next(context);
            });
            app.UseOriginGuard();
            app.Run(context => context.Response.WriteAsync("inside"));
        });

        var context = await app.SendAsync(GuardedApp.Stranger, request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);

        Assert.Equal(403, context.Response.StatusCode);
    }

    [Fact]
    public async Task A_peer_in_the_configured_networks_is_admitted_over_a_real_socket()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux binds all of 127.0.0.0/8.");
        await using var origin = await GuardedOrigin.StartAsync(OnlyAddresses(("OriginGuard:SourceAddress:Networks:2", "127.9.0.0/16")));
        using var inside = SimulatedLoadBalancer.CreateDirectClient(origin.Address, IPAddress.Parse("127.9.1.1"));
        using var outside = SimulatedLoadBalancer.CreateDirectClient(origin.Address, IPAddress.Parse("127.10.1.1"));

        Assert.Equal(HttpStatusCode.OK, (await inside.GetAsync(origin.Address, Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await outside.GetAsync(origin.Address, Token)).StatusCode);
    }

    [Fact]
    public async Task An_IPv4_peer_of_a_dual_stack_listener_is_unmapped()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux binds all of 127.0.0.0/8.");
        await using var origin = await GuardedOrigin.StartAsync(
            OnlyAddresses(("OriginGuard:SourceAddress:Networks:2", "127.9.0.0/16")), options => options.ListenAnyIP(0));
        using var client = SimulatedLoadBalancer.CreateDirectClient(new UriBuilder(origin.Address) { Host = "127.0.0.1" }.Uri, IPAddress.Parse("127.9.1.1"));

        var response = await client.GetAsync(client.BaseAddress, Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("::ffff:127.9.1.1", await response.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task A_unix_socket_peer_has_no_address_and_is_refused()
    {
        Assert.SkipUnless(Socket.OSSupportsUnixDomainSockets, "This system has no Unix sockets.");
        var path = Path.Combine(Path.GetTempPath(), $"og-{Guid.NewGuid():N}.sock");
        await using var origin = await GuardedOrigin.StartAsync(
            OnlyAddresses(
                ("OriginGuard:Rejection:IncludeReason", "true"), ("OriginGuard:SourceAddress:Networks:2", "0.0.0.0/1"), ("OriginGuard:SourceAddress:Networks:3", "128.0.0.0/1"),
                ("OriginGuard:SourceAddress:Networks:4", "::/1"), ("OriginGuard:SourceAddress:Networks:5", "8000::/1")),
            options => options.ListenUnixSocket(path));
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });

        var response = await client.GetAsync(new Uri("http://origin.test/"), Token);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("address.unknown", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_cleartext_http2_the_peer_is_the_socket_too()
    {
        await using var origin = await GuardedOrigin.StartAsync(
            OnlyAddresses(("OriginGuard:SourceAddress:Networks:2", "127.0.0.1/32"), ("FORWARDEDHEADERS_ENABLED", "true")),
            options => options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        using var client = SimulatedLoadBalancer.CreateDirectClient(origin.Address, IPAddress.Loopback);
        using var request = new HttpRequestMessage(HttpMethod.Get, origin.Address) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Add("X-Forwarded-For", "203.0.113.66");

        var response = await client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpVersion.Version20, response.Version);
    }

    [Fact]
    public void A_peer_whose_socket_is_closed_by_now_is_nobody_unless_the_connection_guard_has_seen_him()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Dispose();
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = GuardedApp.LoadBalancer } };
        context.Features.Set<IConnectionSocketFeature>(new Closed(socket));

        Assert.Null(PeerAddress.Of(context, isFirst: true));
        Assert.Null(PeerAddress.Of(context.Features, new IPEndPoint(GuardedApp.LoadBalancer, 443)));
        context.Features.Set(new ConnectionPeer(GuardedApp.Stranger));
        Assert.Equal(GuardedApp.Stranger, PeerAddress.Of(context, isFirst: false));
    }

    private static void EchoBeforeTheGuard(WebApplication app)
    {
        app.Use(next => context =>
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers["Seen"] = $"{context.Connection.RemoteIpAddress}";
                return Task.CompletedTask;
            });
            return next(context);
        });
        app.UseOriginGuard();
        app.Run(context => context.Response.WriteAsync("inside"));
    }

    private static Dictionary<string, string?> OnlyAddresses(params (string Key, string? Value)[] more)
    {
        var settings = GuardedApp.Settings(("SharedSecret:Secrets:0", null));
        settings.Remove("OriginGuard:SharedSecret:Secrets:0");
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        return settings;
    }

    private sealed class Closed(Socket socket) : IConnectionSocketFeature
    {
        public Socket Socket => socket;
    }
}
