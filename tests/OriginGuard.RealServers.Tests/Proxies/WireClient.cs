using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OriginGuard.RealServers.Tests.Proxies;

/// <summary>A client that writes its request to the letter, from an address of its own.</summary>
internal sealed class WireClient : IDisposable
{
    private readonly Socket _socket;

    private WireClient(Socket socket) => _socket = socket;

    public static async Task<WireClient> ConnectAsync(IPEndPoint to, string from, CancellationToken cancellationToken)
    {
        var client = new WireClient(new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        try
        {
            client._socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await client._socket.ConnectAsync(to, cancellationToken);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Sends one request with these header lines over a connection of its own.</summary>
    public static async Task<WireAnswer> GetAsync(IPEndPoint to, string from, IEnumerable<string> lines, CancellationToken cancellationToken)
    {
        using var client = await ConnectAsync(to, from, cancellationToken);
        await client.SendAsync($"GET / HTTP/1.1\r\nHost: origin.test\r\n{string.Concat(lines.Select(line => $"{line}\r\n"))}Connection: close\r\n\r\n", cancellationToken);
        return new WireAnswer(await client.ReadToEndAsync(cancellationToken));
    }

    public async Task SendAsync(string text, CancellationToken cancellationToken) =>
        await _socket.SendAsync(Encoding.Latin1.GetBytes(text), cancellationToken);

    /// <summary>Reads up to the end of a head, an interim response's or the final one's.</summary>
    public async Task<WireAnswer> ReadHeadAsync(CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var next = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await _socket.ReceiveAsync(next, cancellationToken) is 0)
            {
                throw new IOException($"The connection ended after: {head}");
            }

            head.Append((char)next[0]);
        }

        return new WireAnswer(head.ToString());
    }

    public async Task<string> ReadToEndAsync(CancellationToken cancellationToken)
    {
        using var stream = new NetworkStream(_socket);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    public void Dispose() => _socket.Dispose();
}
