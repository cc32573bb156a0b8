using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OriginGuard.Startup;

/// <summary>Which ports the server listens on.</summary>
internal static class ServerPorts
{
    /// <summary>As the server says since it listens; none where it does not say, as a test server, or where a listener has no port, as a Unix socket.</summary>
    public static IReadOnlyList<int> Of(IServiceProvider? services)
    {
        var addresses = services?.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return addresses.Select(PortOf).ToArray() is var ports && ports.Contains(null) ? [] : [.. ports.OfType<int>().Distinct()];
    }

    private static int? PortOf(string address)
    {
        try
        {
            return BindingAddress.Parse(address) is { IsUnixPipe: false, IsNamedPipe: false, Port: > 0 and var port } ? port : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
