using System.Net;
using System.Net.Sockets;

namespace OriginGuard.Tests.Dns;

/// <summary>
/// What stands in front of a server and drops TCP without a word, while datagrams pass: a listener whose queue of connections is full, so that the system
/// answers no further one.
/// </summary>
internal sealed class DroppingFirewall : IDisposable
{
    private readonly Socket _tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly List<Socket> _waiting = [];

    private DroppingFirewall(IPEndPoint server)
    {
        _udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _tcp.Bind(_udp.LocalEndPoint!);
        _tcp.Listen(0);
        while (_waiting.Count < 2)
        {
            var waiting = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _waiting.Add(waiting);
            try
            {
                waiting.Connect(EndPoint);
            }
            catch (SocketException begun) when (begun.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // It fills the queue, or is the first that nobody answers.
            }
        }

        _ = PassAsync(server);
    }

    public IPEndPoint EndPoint => (IPEndPoint)_udp.LocalEndPoint!;

    public static DroppingFirewall InFrontOf(IPEndPoint server) => new(server);

    public void Dispose()
    {
        _waiting.ForEach(static socket => socket.Dispose());
        _udp.Dispose();
        _tcp.Dispose();
    }

    private async Task PassAsync(IPEndPoint server)
    {
        try
        {
            var buffer = new byte[4096];
            var question = await _udp.ReceiveFromAsync(buffer, EndPoint);
            using var behind = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            await behind.ConnectAsync(server);
            await behind.SendAsync(buffer.AsMemory(0, question.ReceivedBytes));
            var length = await behind.ReceiveAsync(buffer);
            await _udp.SendToAsync(buffer.AsMemory(0, length), question.RemoteEndPoint);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }
}
