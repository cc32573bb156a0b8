using System.Net;
using System.Net.Sockets;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>Opens connections to the origin from the load balancer's own source address.</summary>
internal sealed class OriginConnector
{
    private readonly Uri _origin;

    private OriginConnector(Uri origin, IPAddress source) => (_origin, Source) = (origin, source);

    /// <summary>Where connections come from; <see cref="IPAddress.Any"/> when the system chooses for each.</summary>
    public IPAddress Source { get; }

    public static OriginConnector Create(Uri origin, IPAddress? source)
    {
        if (IPAddress.TryParse(origin.IdnHost, out var named) && (named.Equals(IPAddress.Any) || named.Equals(IPAddress.IPv6Any)))
        {
            throw new ArgumentException($"{origin} says where a server listens, and is no address to connect to: write http://127.0.0.1:{origin.Port}, for example.", nameof(origin));
        }

        if (source is not null)
        {
            return CanBind(source)
                ? new OriginConnector(origin, source)
                : throw new IOException($"The load balancer cannot connect from {source}: this machine has no such address.");
        }

        // Every address of 127.0.0.0/8 can be bound on Linux. Elsewhere only 127.0.0.1 can, which direct clients use, so ::1 has to differ.
        IPAddress[] own = origin.HostNameType is UriHostNameType.IPv6 ? [] : [new IPAddress([127, 0, 0, 2])];
        return new OriginConnector(origin, origin.IsLoopback ? FirstThatBinds(own, IPAddress.IPv6Loopback) : IPAddress.Any);
    }

    public static IPAddress FirstThatBinds(IEnumerable<IPAddress> candidates, IPAddress otherwise) =>
        candidates.FirstOrDefault(CanBind) ?? otherwise;

    public async ValueTask<NetworkStream> ConnectAsync(CancellationToken cancellationToken)
    {
        var address = await ResolveAsync(cancellationToken).ConfigureAwait(false);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (!Source.Equals(IPAddress.Any))
            {
                socket.Bind(new IPEndPoint(Source, 0));
            }

            await socket.ConnectAsync(new IPEndPoint(address, _origin.Port), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new IOException($"No connection from {Source} to {address}:{_origin.Port}.", failure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool CanBind(IPAddress address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async ValueTask<IPAddress> ResolveAsync(CancellationToken cancellationToken)
    {
        if (_origin.IsLoopback)
        {
            return Source.AddressFamily is AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : LoopbackOf(_origin);
        }

        try
        {
            // Documented: only the first address of a name is tried. That of an Internet NEG is one of IPv4; the source can be given as one of IPv6.
            var addresses = await System.Net.Dns.GetHostAddressesAsync(_origin.IdnHost, cancellationToken).ConfigureAwait(false);
            return addresses.MinBy(address => address.AddressFamily != Source.AddressFamily)!;
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            throw new IOException($"{_origin.IdnHost} has no address: {exception.Message}.", exception);
        }
    }

    private static IPAddress LoopbackOf(Uri origin) =>
        IPAddress.TryParse(origin.IdnHost, out var address) && address.AddressFamily is AddressFamily.InterNetwork
            ? address
            : IPAddress.Loopback;
}
