using System.Net;
using System.Net.Sockets;

namespace OriginGuard.Tests.Dns;

/// <summary>
/// What stands in front of a server and drops TCP without a word, while datagrams pass: a listener whose queue of connections is full, so that the system
/// answers no further one.
/// </summary>
internal sealed class DroppingFirewall : IDisposable
{
    private readonly Socket _tcp;
    private readonly Socket _udp;
    private readonly List<Socket> _waiting = [];

    private DroppingFirewall(IPEndPoint server, Socket tcp, Socket udp)
    {
        (_tcp, _udp) = (tcp, udp);
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

    public static DroppingFirewall InFrontOf(IPEndPoint server)
    {
        for (var attempt = 1; ; attempt++)
        {
            var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            try
            {
                tcp.Bind(udp.LocalEndPoint!);
                return new DroppingFirewall(server, tcp, udp);
            }
            catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse && attempt < 20)
            {
                // A port that is free for datagrams may be somebody's for connections.
                tcp.Dispose();
                udp.Dispose();
            }
        }
    }

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
