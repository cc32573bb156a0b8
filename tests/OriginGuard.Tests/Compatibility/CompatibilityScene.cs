using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Testing;
using OriginGuard.TestKit;

namespace OriginGuard.Tests.Compatibility;

/// <summary>An application of the framework's own parts behind the guard on Kestrel, asked through the load balancer and around it.</summary>
internal sealed class CompatibilityScene : IAsyncDisposable
{
    private static readonly IPAddress LoadBalancer = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress Stranger = IPAddress.Parse("127.0.0.3");

    private readonly GuardedOrigin _origin;

    private CompatibilityScene(GuardedOrigin origin)
    {
        _origin = origin;
        Through = SimulatedLoadBalancer.CreateDirectClient(origin.Address, LoadBalancer);
        Through.DefaultRequestHeaders.Add("X-Origin-Guard", GuardedApp.Secret);
        Around = SimulatedLoadBalancer.CreateDirectClient(origin.Address, Stranger);
    }

    public HttpClient Through { get; }

    public HttpClient Around { get; }

    public static async Task<CompatibilityScene> StartAsync(
        Action<WebApplication> application, Action<IServiceCollection>? services = null, HttpProtocols protocols = HttpProtocols.Http1, bool hasRanges = true)
    {
        var settings = GuardedApp.Settings(("SourceAddress:Networks:0", $"{LoadBalancer}/32"));
        settings.Remove("OriginGuard:SourceAddress:Networks:1");
        if (!hasRanges)
        {
            settings.Remove("OriginGuard:SourceAddress:RecordNames");
            settings["OriginGuard:SourceAddress:RecordNames:0"] = "nobody.test";
            settings["OriginGuard:SourceAddress:Networks:0"] = "192.0.2.0/24";
        }

        return new CompatibilityScene(await GuardedOrigin.StartAsync(
            settings,
            options => options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols),
            app =>
            {
                app.UseOriginGuard();
                application(app);
            },
            collection =>
            {
                collection.AddSingleton<ITxtResolver>(new ScriptedTxtResolver());
                services?.Invoke(collection);
            }));
    }

    /// <summary>Opens a WebSocket the way of a client.</summary>
    public async Task<ClientWebSocket> OpenAsync(HttpClient way, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (way == Through)
        {
            socket.Options.SetRequestHeader("X-Origin-Guard", GuardedApp.Secret);
        }

        try
        {
            await socket.ConnectAsync(new UriBuilder(_origin.Address) { Scheme = "ws" }.Uri, way, cancellationToken);
        }
        catch (WebSocketException)
        {
            // The status says why.
        }

        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        Through.Dispose();
        Around.Dispose();
        await _origin.DisposeAsync();
    }
}
