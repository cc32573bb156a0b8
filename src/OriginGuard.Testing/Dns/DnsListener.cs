using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;

namespace OriginGuard.Testing.Dns;

/// <summary>The two sockets of the server, and the loops that read them until it is disposed.</summary>
internal sealed class DnsListener : IAsyncDisposable
{
    private const int BindAttempts = 100;

    private readonly Socket _udp;
    private readonly Socket _tcp;
    private readonly DnsResponder _responder;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loops;
    private Exception? _failure;
    private int _disposed;

    private DnsListener(Socket udp, Socket tcp, DnsResponder responder, bool overTcp)
    {
        (_udp, _tcp, _responder) = (udp, tcp, responder);
        EndPoint = (IPEndPoint)udp.LocalEndPoint!;
        _loops = Task.WhenAll(Task.Run(() => EndingAllAsync(ServeUdpAsync())), overTcp ? Task.Run(() => EndingAllAsync(ServeTcpAsync())) : Task.CompletedTask);
    }

    public IPEndPoint EndPoint { get; }

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The listener disposes its sockets.")]
    public static DnsListener Start(IPEndPoint endPoint, DnsResponder responder, bool overTcp = true)
    {
        // The system gives a port that is free for UDP; for TCP it may be taken, and then another has to be tried.
        for (var attempt = 1; ; attempt++)
        {
            var udp = Bind(endPoint, SocketType.Dgram, ProtocolType.Udp);
            Socket? tcp = null;
            try
            {
                tcp = Bind((IPEndPoint)udp.LocalEndPoint!, SocketType.Stream, ProtocolType.Tcp);
                if (overTcp)
                {
                    tcp.Listen();
                }

                // Bound and not listening, it keeps the port from others, and a connection is refused.
                return new DnsListener(udp, tcp, responder, overTcp);
            }
            catch (SocketException) when (endPoint.Port == 0 && attempt < BindAttempts)
            {
                udp.Dispose();
                tcp?.Dispose();
            }
            catch
            {
                udp.Dispose();
                tcp?.Dispose();
                throw;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        try
        {
            await _loops.ConfigureAwait(false);
        }
        finally
        {
            _udp.Dispose();
            _tcp.Dispose();
            _stopping.Dispose();
        }

        if (_failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private static Socket Bind(IPEndPoint endPoint, SocketType type, ProtocolType protocol)
    {
        var socket = new Socket(endPoint.AddressFamily, type, protocol);
        try
        {
            socket.Bind(endPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// What nobody foresaw, such as what a test's own code throws, ends the whole server, whichever loop or connection it happened in. Its sockets go with it: a client of a server that
    /// has ended is refused, and does not wait.
    /// </summary>
    private async Task EndingAllAsync(Task serving)
    {
        try
        {
            await serving.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
            await _stopping.CancelAsync().ConfigureAwait(false);
            _udp.Dispose();
            _tcp.Dispose();
        }
    }

    private async Task ServeUdpAsync()
    {
        using var elsewhere = Bind(new IPEndPoint(EndPoint.Address, 0), SocketType.Dgram, ProtocolType.Udp);
        var buffer = new byte[ushort.MaxValue];
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var received = await _udp.ReceiveFromAsync(buffer, EndPoint, _stopping.Token).ConfigureAwait(false);
                var client = (IPEndPoint)received.RemoteEndPoint;
                foreach (var reply in _responder.Respond(buffer.AsSpan(0, received.ReceivedBytes), overTcp: false, client))
                {
                    var socket = reply.FromElsewhere ? elsewhere : _udp;
                    await SendAsync(socket, reply.Message, client).ConfigureAwait(false);
                }
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException)
            {
                // A client that is gone already, or the end.
            }
        }
    }

    private async Task SendAsync(Socket socket, byte[] message, IPEndPoint client)
    {
        if (message.Length > 0)
        {
            await socket.SendToAsync(message, client, _stopping.Token).ConfigureAwait(false);
        }
    }

    private async Task ServeTcpAsync()
    {
        List<Task> connections = [];
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await _tcp.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                connections.RemoveAll(connection => connection.IsCompleted);
                connections.Add(ServeAsync(socket));
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException)
            {
                // A client that is gone already, or the end.
            }
        }

        await Task.WhenAll(connections).ConfigureAwait(false);
    }

    // Not closed before all has ended: a client that is hung up on turns to what else the server has.
    private async Task ServeAsync(Socket connection)
    {
        using (connection)
        {
            await EndingAllAsync(new DnsConnection(connection, _responder).ServeAsync(_stopping.Token)).ConfigureAwait(false);
        }
    }
}
