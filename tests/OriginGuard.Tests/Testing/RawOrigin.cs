using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OriginGuard.Tests.Testing;

/// <summary>An origin that keeps the bytes of each request head as they came, and answers each request with the same bytes.</summary>
internal sealed class RawOrigin : IAsyncDisposable
{
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _heads = new();
    private readonly ConcurrentQueue<IPAddress> _peers = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _closed = new(0);
    private readonly string _answer;
    private readonly bool _isClosing;
    private readonly int _most;
    private readonly Task _accepting;

    /// <param name="answer">What each request is answered with.</param>
    /// <param name="isClosing">Ends the connection behind the answer.</param>
    /// <param name="most">How many requests a connection answers; it ends without a word at the next.</param>
    public RawOrigin(string answer = Ok, bool isClosing = false, int most = int.MaxValue)
    {
        _answer = answer;
        _most = most;
        _isClosing = isClosing;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>The request heads, each from its request line to its empty line.</summary>
    public IReadOnlyCollection<string> Heads => _heads;

    /// <summary>Who connected, once for each connection.</summary>
    public IReadOnlyCollection<IPAddress> Peers => _peers;

    /// <summary>The header lines of the only request.</summary>
    public string[] Lines => Heads.Single().Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[1..];

    /// <summary>Waits until one more connection has come to its end.</summary>
    public Task WaitForCloseAsync(CancellationToken cancellationToken) => _closed.WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
        _closed.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient connection)
    {
        using var _ = connection;
        _peers.Enqueue(((IPEndPoint)connection.Client.RemoteEndPoint!).Address);
        var stream = connection.GetStream();
        var head = new StringBuilder();
        var buffer = new byte[1];
        var answered = 0;
        try
        {
            while (await stream.ReadAsync(buffer, _stop.Token) > 0)
            {
                head.Append((char)buffer[0]);
                if (buffer[0] is (byte)'\n' && head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
                {
                    _heads.Enqueue(head.ToString());
                    head.Clear();
                    if (answered++ == _most)
                    {
                        return;
                    }

                    await stream.WriteAsync(Encoding.Latin1.GetBytes(_answer), _stop.Token);
                    if (_isClosing)
                    {
                        connection.Client.Shutdown(SocketShutdown.Send);
                        _closed.Release();
                        await stream.CopyToAsync(Stream.Null, _stop.Token);
                        return;
                    }
                }
            }

            _closed.Release();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The test is over, or the load balancer dropped the connection.
        }
    }
}
