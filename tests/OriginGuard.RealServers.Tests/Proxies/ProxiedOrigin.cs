using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.TestKit;

namespace OriginGuard.RealServers.Tests.Proxies;

/// <summary>A guarded Kestrel with a port for HTTP/1.1 and one for HTTP/2, which tells what it saw of every request.</summary>
internal sealed class ProxiedOrigin : IAsyncDisposable
{
    public const string Header = LogicalRequest.Header;

    /// <summary>The network that the guard admits: the addresses of the proxies that play the load balancer.</summary>
    public const string Network = LogicalRequest.Network;
    public const string LoadBalancer = "127.50.0.1";
    public const string Stranger = "127.60.0.1";

    private readonly GuardedOrigin _origin;

    private ProxiedOrigin(GuardedOrigin origin)
    {
        _origin = origin;
        var addresses = origin.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        (Http1, Http2) = (EndPointOf(addresses.First()), EndPointOf(addresses.Last()));
    }

    public IPEndPoint Http1 { get; }

    public IPEndPoint Http2 { get; }

    /// <param name="application">What stands behind the guard; by default a word to each request.</param>
    /// <param name="more">Further settings, below the section.</param>
    public static async Task<ProxiedOrigin> StartAsync(Action<WebApplication>? application = null, params (string Key, string? Value)[] more) =>
        new(await GuardedOrigin.StartAsync(
            GuardedApp.Settings([("SourceAddress:Networks:0", Network), .. more]),
            Listen,
            app =>
            {
                app.UseOriginGuard();
                (application ?? (static inside => inside.Run(static context => context.Response.WriteAsync("inside"))))(app);
            },
            static services =>
            {
                services.AddOriginGuard();
                services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, SightingStartupFilter>());
            }));

    public async ValueTask DisposeAsync() => await _origin.DisposeAsync();

    private static void Listen(KestrelServerOptions options)
    {
        options.Limits.MaxRequestBodySize = null;

        // HAProxy says :scheme https on a plain connection too, where Kestrel would end the stream.
        options.AllowAlternateSchemes = true;
        options.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1);
        options.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2);
    }

    private static IPEndPoint EndPointOf(string address) => new(IPAddress.Loopback, new Uri(address).Port);
}
