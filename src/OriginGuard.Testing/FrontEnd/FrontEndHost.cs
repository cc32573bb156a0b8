using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OriginGuard.Testing.Headers;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>
/// The server that clients talk to: Kestrel on loopback that reads no configuration and no environment and limits nothing that Google's load balancer does not limit.
/// </summary>
internal static class FrontEndHost
{
    public static async Task<WebApplication> StartAsync(int port, LoadBalancerKind kind, RequestDelegate handle, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, port, kind));

        // A test that is over waits for nobody: requests still under way are dropped.
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.Zero);
        var app = builder.Build();
        try
        {
            app.Run(handle);
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            return app;
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static void Configure(KestrelServerOptions kestrel, int port, LoadBalancerKind kind)
    {
        kestrel.Listen(IPAddress.Loopback, port, static listen => listen.Protocols = HttpProtocols.Http1);
        kestrel.AddServerHeader = false;

        // Twice as much of each: what both are together is the forwarder's business.
        kestrel.Limits.MaxRequestHeadersTotalSize = 2 * RequestSize.Largest(kind);
        kestrel.Limits.MaxRequestLineSize = 2 * RequestSize.Largest(kind);
        kestrel.Limits.MaxRequestHeaderCount = 1000;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
    }
}
