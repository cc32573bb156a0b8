using System.Net;
using System.Net.Sockets;

namespace OriginGuard.Sample.Simulated;

/// <summary>Where the simulated load balancer connects from: an address that direct clients on this machine do not use by themselves.</summary>
internal static class SourceAddress
{
    /// <summary>Linux binds any address of 127.0.0.0/8. Elsewhere only 127.0.0.1 is there, which direct clients use, so ::1 has to differ.</summary>
    public static IPAddress[] Candidates { get; } = [new([127, 0, 0, 2]), IPAddress.IPv6Loopback];

    public static IPAddress FirstThatBinds(IEnumerable<IPAddress> candidates) => candidates.FirstOrDefault(Binds)
        ?? throw new InvalidOperationException(
            "This system can bind neither 127.0.0.2 nor ::1, so the simulated load balancer cannot have an address of its own. "
            + "Start the guarded origin alone with --Sample:Simulator=false.");

    private static bool Binds(IPAddress address)
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
}
