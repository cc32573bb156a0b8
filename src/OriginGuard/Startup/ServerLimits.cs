using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace OriginGuard.Startup;

/// <summary>Limits of Kestrel that do not fit those of the load balancer: what fails by them fails before the guard sees it, and looks like the load balancer's fault.</summary>
internal static class ServerLimits
{
    // Documented by Google: connections to back ends idle for 600 s, and 60 KiB (classic: 64) of request headers are passed.
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(600);
    private const int HeadersSize = 60 * 1024;

    /// <param name="options">The options in force.</param>
    /// <param name="isBehindIis">IIS holds the connections of the load balancer.</param>
    /// <param name="services">The services of the application; null where they are not known.</param>
    public static IEnumerable<string> Find(OriginGuardOptions options, bool isBehindIis, IServiceProvider? services)
    {
        // On Cloud Run another front end of Google's stands between, and a developer's browser keeps to no such numbers.
        if (options.Platform is OriginPlatform.CloudRun or OriginPlatform.CloudRunServerlessNeg || services is null || !IsKestrel(services.GetService<IServer>())
            || services.GetService<IHostEnvironment>()?.IsDevelopment() is true)
        {
            yield break;
        }

        var limits = services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        var isBehindProxy = isBehindIis || options.SourceAddress.From is PeerAddressSource.ForwardedFor;
        if (limits.KeepAliveTimeout <= IdleTime && !isBehindProxy)
        {
            yield return $"Kestrel closes a connection that has been idle for {limits.KeepAliveTimeout.TotalSeconds:0} s. The load balancer keeps it for {IdleTime.TotalSeconds:0} s, and a request that it sends "
                + "meanwhile ends with 502. Set Limits.KeepAliveTimeout of KestrelServerOptions to 620 s.";
        }

        if (limits.MaxRequestHeadersTotalSize < HeadersSize)
        {
            yield return $"Kestrel takes {limits.MaxRequestHeadersTotalSize / 1024} KiB of request headers. The load balancer passes {HeadersSize / 1024} KiB, and what is larger gets 431 before the guard sees it. Set "
                + "Limits.MaxRequestHeadersTotalSize of KestrelServerOptions to 65536.";
        }
    }

    private static bool IsKestrel(IServer? server) => server is InterruptibleServer || server?.GetType().Assembly.GetName().Name == InterruptibleServer.Kestrel;
}
