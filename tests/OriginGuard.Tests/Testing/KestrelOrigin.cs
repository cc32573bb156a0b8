using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace OriginGuard.Tests.Testing;

/// <summary>A real Kestrel on loopback.</summary>
internal sealed class KestrelOrigin : IAsyncDisposable
{
    private readonly WebApplication _app;

    private KestrelOrigin(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <param name="handle">What answers.</param>
    /// <param name="protocols">What it speaks.</param>
    /// <param name="address">Where it listens; 127.0.0.1 if null.</param>
    /// <param name="certificate">With one it speaks TLS.</param>
    /// <param name="serverNames">Gets the server name (SNI) of each connection; an empty one where the client sent none.</param>
    public static async Task<KestrelOrigin> StartAsync(
        RequestDelegate handle,
        HttpProtocols protocols = HttpProtocols.Http1,
        IPAddress? address = null,
        X509Certificate2? certificate = null,
        ConcurrentQueue<string>? serverNames = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.Zero);
        builder.WebHost.UseKestrelCore();
        if (certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(address ?? IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols;
                if (certificate is not null && serverNames is null)
                {
                    listen.UseHttps(certificate);
                }
                else if (certificate is not null)
                {
                    listen.UseHttps(https => https.ServerCertificateSelector = (_, name) =>
                    {
                        serverNames!.Enqueue(name ?? ""); // not null: looked at above
                        return certificate;
                    });
                }
            });
        });
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(handle);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new KestrelOrigin(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
