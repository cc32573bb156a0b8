using System.Net;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using OriginGuard.Testing.FrontEnd;
using OriginGuard.Testing.InProcess;

namespace OriginGuard.Testing;

/// <summary>
/// Google's external Application Load Balancer in front of an origin under test: as a client of a <see cref="TestServer"/>, or as a server
/// that listens on loopback and forwards over real sockets. Any number of them live side by side.
/// </summary>
public sealed class SimulatedLoadBalancer : IAsyncDisposable
{
    private static readonly IPAddress DocumentedProber = new([35, 191, 0, 1]);

    private readonly WebApplication _frontEnd;
    private readonly Forwarder _forwarder;
    private readonly IOriginClient _origin;

    private SimulatedLoadBalancer(WebApplication frontEnd, Forwarder forwarder, IOriginClient origin, IPAddress source)
    {
        _frontEnd = frontEnd;
        _forwarder = forwarder;
        _origin = origin;
        SourceAddress = source;
        Address = new Uri(frontEnd.Urls.Single());
    }

    /// <summary>Where clients reach the load balancer.</summary>
    public Uri Address { get; }

    /// <summary>
    /// Where its connections to the origin come from: what the origin should admit. <c>::1</c> says that <c>127.0.0.2</c> could not be
    /// bound; the origin must then listen on <c>::1</c> too. <see cref="IPAddress.Any"/> says that the origin is not on loopback and none
    /// was given, so that the system chooses.
    /// </summary>
    public IPAddress SourceAddress { get; }

    /// <summary>
    /// A client that reaches the application through the load balancer. Each value that a request's header was given is one line. A request whose address and headers
    /// are larger together than Google's limit (60 KiB, 64 KiB with a classic one) is answered with 431.
    /// </summary>
    /// <param name="server">The application: <c>factory.Server</c>, or <c>host.GetTestServer()</c>.</param>
    /// <param name="options">The load balancer's configuration; the defaults if null.</param>
    /// <exception cref="ArgumentException">
    /// A custom request header is one that the load balancer would not take, or it is a regional one without a <see cref="SimulatedLoadBalancerOptions.SourceAddress"/>.
    /// </exception>
    public static HttpClient CreateClient(TestServer server, SimulatedLoadBalancerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        return new HttpClient(CreateHandler(server, options)) { BaseAddress = server.BaseAddress };
    }

    /// <summary>The handler of <see cref="CreateClient"/>, for a client that the test makes itself.</summary>
    /// <param name="server">The application.</param>
    /// <param name="options">The load balancer's configuration; the defaults if null.</param>
    /// <exception cref="ArgumentException">
    /// A custom request header is one that the load balancer would not take, or it is a regional one without a <see cref="SimulatedLoadBalancerOptions.SourceAddress"/>.
    /// </exception>
    public static HttpMessageHandler CreateHandler(TestServer server, SimulatedLoadBalancerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        return new InProcessLoadBalancer(server, options ?? new SimulatedLoadBalancerOptions());
    }

    /// <summary>
    /// A client that goes around the load balancer: its headers reach the application as they are, and its connection comes in by the port that the address of a
    /// request names (80 or 443 without one).
    /// </summary>
    /// <param name="server">The application.</param>
    /// <param name="peer">Where it connects from.</param>
    public static HttpClient CreateDirectClient(TestServer server, IPAddress peer)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(peer);
        return new HttpClient(new InProcessClient(server, peer)) { BaseAddress = server.BaseAddress };
    }

    /// <summary>
    /// A client that goes around the load balancer over a real socket: the standard client of .NET, from an address of the test's choice. Every request goes to the
    /// origin, whatever host its address names. With <c>https</c> it checks the certificate as far as the load balancer does: of a name, and not of an address.
    /// </summary>
    /// <param name="origin">The origin, for example <c>http://127.0.0.1:8080</c>.</param>
    /// <param name="peer">Where it connects from. On Linux any <c>127.x.y.z</c> will do.</param>
    /// <exception cref="ArgumentException">The origin is no address that a client connects to: relative, of another scheme than http and https, or one such as <c>http://[::]:8080</c>.</exception>
    /// <exception cref="IOException">This machine has no such address.</exception>
    public static HttpClient CreateDirectClient(Uri origin, IPAddress peer)
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(peer);
        if (!IsOrigin(origin))
        {
            throw new ArgumentException($"{origin} is no address of an origin. Write a whole one, for example http://127.0.0.1:8080.", nameof(origin));
        }

        return new HttpClient(OriginHandler.Create(origin, OriginConnector.Create(origin, peer))) { BaseAddress = origin };
    }

    /// <summary>
    /// A client that probes as Google's health checks do: straight to the application, with neither custom request headers nor assertion
    /// (documented) and with the user agent <c>GoogleHC/1.0</c> (inferred from what origins log). Global and classic load balancers do not
    /// probe an Internet NEG at all (documented).
    /// </summary>
    /// <param name="server">The application.</param>
    /// <param name="prober">Where the probe connects from; <c>35.191.0.1</c>, from the ranges documented for VM backends, if null.</param>
    public static HttpClient CreateProbeClient(TestServer server, IPAddress? prober = null) =>
        AsProber(CreateDirectClient(server, prober ?? DocumentedProber));

    /// <summary>
    /// A client that probes as Google's health checks do, over a real socket. Every request goes to the origin, as that of <see cref="CreateDirectClient(Uri, IPAddress)"/>.
    /// </summary>
    /// <param name="origin">The origin.</param>
    /// <param name="prober">Where the probe connects from.</param>
    /// <exception cref="ArgumentException">The origin is no address that a client connects to.</exception>
    /// <exception cref="IOException">This machine has no such address.</exception>
    public static HttpClient CreateProbeClient(Uri origin, IPAddress prober) => AsProber(CreateDirectClient(origin, prober));

    /// <summary>
    /// Starts a load balancer that listens on loopback and forwards to <see cref="SimulatedLoadBalancerOptions.Origin"/>. Bodies stream
    /// both ways, WebSockets pass (except to an HTTP/2 backend), a client that goes away takes its request to the origin with it, and an
    /// origin that cannot be reached answers 502 (documented). The address and the headers of a request pass up to 60 KiB together, and 64 KiB with a classic one (documented).
    /// </summary>
    /// <param name="options">The load balancer's configuration, with an origin.</param>
    /// <param name="cancellationToken">Gives up waiting for the start.</param>
    /// <exception cref="ArgumentException">
    /// There is no origin, its scheme contradicts the protocol, or a custom request header is one that the load balancer would not take.
    /// </exception>
    /// <exception cref="IOException">The port is taken, or the source address is not one of this machine.</exception>
    public static async Task<SimulatedLoadBalancer> StartAsync(
        SimulatedLoadBalancerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var origin = RequireOrigin(options);
        var normalizer = new HeaderNormalizer(options);
        var connector = OriginConnector.Create(origin, options.SourceAddress);
        IOriginClient client = options.Protocol is BackendProtocol.Http2
            ? new Http2OriginClient(origin, connector)
            : new Http1OriginClient(origin, connector);
        try
        {
            var forwarder = new Forwarder(normalizer, client, options.Kind, options.ClientAddress);
            var frontEnd = await FrontEndHost.StartAsync(options.Port, options.Kind, forwarder.ForwardAsync, cancellationToken).ConfigureAwait(false);
            return new SimulatedLoadBalancer(frontEnd, forwarder, client, connector.Source);
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Stops listening and drops every connection. What <see cref="SimulatedLoadBalancerOptions.IapAssertion"/> threw first comes out here, once.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _frontEnd.DisposeAsync().ConfigureAwait(false);
        await _origin.DisposeAsync().ConfigureAwait(false);
        if (_forwarder.TakeFailure() is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private static HttpClient AsProber(HttpClient client)
    {
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "GoogleHC/1.0");
        return client;
    }

    private static bool IsOrigin(Uri address) => address is { IsAbsoluteUri: true, Scheme: "http" or "https" };

    private static Uri RequireOrigin(SimulatedLoadBalancerOptions options)
    {
        if (options.Origin is not { } origin || !IsOrigin(origin))
        {
            throw new ArgumentException("A listening load balancer needs an Origin, for example http://127.0.0.1:8080.", nameof(options));
        }

        return (options.Protocol, origin.Scheme) is (BackendProtocol.Http, "https") or (BackendProtocol.Https, "http")
            ? throw new ArgumentException($"Origin is {origin}, but Protocol is {options.Protocol}: the two must agree.", nameof(options))
            : origin;
    }
}
