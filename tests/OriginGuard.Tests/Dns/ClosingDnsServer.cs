using System.Net;
using System.Net.Sockets;

namespace OriginGuard.Tests.Dns;

/// <summary>Passes one question for each connection on to a DNS server over TCP, and closes the connection when the answer has gone, as a server with a short patience does.</summary>
internal sealed class ClosingDnsServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _closed;

    private ClosingDnsServer(IPEndPoint server)
    {
        _listener.Start();
        _running = ServeAsync(server);
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public static Task<ClosingDnsServer> StartAsync(IPEndPoint server) => Task.FromResult(new ClosingDnsServer(server));

    /// <summary>Waits until so many connections have been closed.</summary>
    public Task ClosedAsync(int count) => ResolverScene.UntilAsync(() => Volatile.Read(ref _closed) >= count);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(IPEndPoint server)
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                using var behind = new TcpClient();
                await behind.ConnectAsync(server, _stop.Token);
                await PassAsync(client.GetStream(), behind.GetStream());
                await PassAsync(behind.GetStream(), client.GetStream());
                client.Close();
                Interlocked.Increment(ref _closed);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to)
    {
        var prefix = new byte[2];
        await from.ReadExactlyAsync(prefix, _stop.Token);
        var message = new byte[(prefix[0] << 8) | prefix[1]];
        await from.ReadExactlyAsync(message, _stop.Token);
        await to.WriteAsync((byte[])[.. prefix, .. message], _stop.Token);
    }
}
