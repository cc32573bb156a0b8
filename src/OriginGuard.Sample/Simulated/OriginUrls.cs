using System.Net;
using System.Net.Sockets;
using OriginGuard.Sample.Settings;

namespace OriginGuard.Sample.Simulated;

/// <summary>Where the guarded origin listens, seen from clients on the same machine.</summary>
internal static class OriginUrls
{
    /// <summary>What the user asked for, and the load balancer's own family beside it where it has to come over IPv6.</summary>
    public static IReadOnlyList<string> Choose(string? asked, IPAddress source)
    {
        string[] urls = string.IsNullOrWhiteSpace(asked)
            ? [SampleDefaults.Url]
            : asked.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return source.AddressFamily is AddressFamily.InterNetwork || Find(urls, AddressFamily.InterNetworkV6) is not null
            ? urls
            : [.. urls, $"http://[::1]:{Find(urls, AddressFamily.InterNetwork)?.Port ?? 0}"];
    }

    /// <summary>The address under which this machine reaches the origin over one family.</summary>
    public static IPEndPoint Require(IEnumerable<string> urls, AddressFamily family) => Find(urls, family) ?? throw new InvalidOperationException(
        $"The simulator reaches the guarded origin over plain http on loopback, and {string.Join(';', urls)} has no such address. "
        + $"Choose one, for example --urls {SampleDefaults.Url}, or start the origin alone with --Sample:Simulator=false.");

    private static IPEndPoint? Find(IEnumerable<string> urls, AddressFamily family) => urls
        .Select(BindingAddress.Parse)
        .Where(static address => address.Scheme == Uri.UriSchemeHttp && !address.IsUnixPipe && !address.IsNamedPipe)
        .Select(address => Reach(address, family))
        .FirstOrDefault(static endPoint => endPoint is not null);

    private static IPEndPoint? Reach(BindingAddress url, AddressFamily family)
    {
        var isFour = family is AddressFamily.InterNetwork;
        if (!IPAddress.TryParse(url.Host, out var address) || address.Equals(IPAddress.IPv6Any))
        {
            // localhost, and whatever is no address, listens on both families.
            return new IPEndPoint(isFour ? IPAddress.Loopback : IPAddress.IPv6Loopback, url.Port);
        }

        address = address.Equals(IPAddress.Any) ? IPAddress.Loopback : address;
        return IPAddress.IsLoopback(address) && address.AddressFamily == family ? new IPEndPoint(address, url.Port) : null;
    }
}
