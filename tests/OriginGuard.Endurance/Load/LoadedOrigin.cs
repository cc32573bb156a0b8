using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OriginGuard.Ranges;
using OriginGuard.TestKit;

namespace OriginGuard.Endurance.Load;

/// <summary>A guarded origin on a real Kestrel, for HTTP/1.1 and HTTP/2, with a DNS server and a key endpoint of its own. All in real time.</summary>
internal sealed class LoadedOrigin : IAsyncDisposable
{
    public const string Record = "_flapping.ranges.example";
    public const string Audience = "/projects/123456789/global/backendServices/987654321";

    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;

    private LoadedOrigin(WebApplication app, ChangingSource settings, TemporaryFolder folder) => (_app, Settings, _folder) = (app, settings, folder);

    public ChangingSource Settings { get; }

    public int Port { get; private set; }

    public int Http2Port { get; private set; }

    public RangeRefresher Refresher => _app.Services.GetRequiredService<RangeRefresher>();

    public CurrentRanges Ranges => _app.Services.GetRequiredService<CurrentRanges>();

    /// <param name="dns">The DNS server that it asks.</param>
    /// <param name="secret">The first secret.</param>
    /// <param name="keys">The endpoint of IAP's keys; null: no such layer.</param>
    public static async Task<LoadedOrigin> StartAsync(IPEndPoint dns, string secret, Uri? keys)
    {
        var folder = new TemporaryFolder();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production", ContentRootPath = folder.Path });
        builder.Logging.ClearProviders();
        var settings = new ChangingSource(SettingsOf(dns, secret, keys, Path.Combine(folder.Path, "ranges.txt")));
        ((IConfigurationBuilder)builder.Configuration).Add(settings);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static options =>
        {
            options.Listen(IPAddress.Loopback, 0, static listener => listener.Protocols = HttpProtocols.Http1);
            options.Listen(IPAddress.Loopback, 0, static listener => listener.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddOriginGuard(builder.Configuration);
        var app = builder.Build();
        app.UseOriginGuard();
        app.Run(static context =>
        {
            context.Response.ContentLength = 6;
            return context.Response.WriteAsync("inside");
        });
        await app.StartAsync();
        var ports = app.Urls.Select(static url => new Uri(url).Port).ToArray();
        return new LoadedOrigin(app, settings, folder) { Port = ports[0], Http2Port = ports[1] };
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private static Dictionary<string, string?> SettingsOf(IPEndPoint dns, string secret, Uri? keys, string snapshot)
    {
        var settings = new Dictionary<string, string?>
        {
            ["OriginGuard:SourceAddress:RecordNames:0"] = Record,
            ["OriginGuard:SourceAddress:AllowNonPublicNetworks"] = "true",
            ["OriginGuard:SourceAddress:MinRefreshInterval"] = "00:00:01",
            ["OriginGuard:SourceAddress:MaxRefreshInterval"] = "00:00:01",
            ["OriginGuard:SourceAddress:SnapshotPath"] = snapshot,
            ["OriginGuard:Dns:Servers:0"] = $"{dns}",
            ["OriginGuard:Dns:Timeout"] = "00:00:00.500",
            ["OriginGuard:Dns:Attempts"] = "1",
            ["OriginGuard:SharedSecret:Secrets:0"] = secret,
        };
        if (keys is not null)
        {
            settings["OriginGuard:Iap:Audiences:0"] = Audience;
            settings["OriginGuard:Iap:KeysUri"] = $"{keys}";
        }

        return settings;
    }
}
