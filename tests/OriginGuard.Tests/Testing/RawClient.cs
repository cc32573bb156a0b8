using System.Net.Sockets;
using System.Text;

namespace OriginGuard.Tests.Testing;

/// <summary>A client that sends the bytes that it is given.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _connection = new();

    public static async Task<RawClient> ConnectAsync(Uri address, CancellationToken cancellationToken)
    {
        var client = new RawClient();
        await client._connection.ConnectAsync(address.Host, address.Port, cancellationToken);
        return client;
    }

    /// <summary>Sends one request with these header lines over a connection of its own and returns the whole answer.</summary>
    public static async Task<string> GetAsync(Uri address, string target, string[] lines, CancellationToken cancellationToken)
    {
        using var client = await ConnectAsync(address, cancellationToken);
        await client.SendAsync($"GET {target} HTTP/1.1\r\n{string.Concat(lines.Select(line => line + "\r\n"))}Connection: close\r\n\r\n", cancellationToken);
        return await client.ReadToEndAsync(cancellationToken);
    }

    public async Task SendAsync(string text, CancellationToken cancellationToken) =>
        await _connection.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text), cancellationToken);

    public async Task<string> ReadToEndAsync(CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(_connection.GetStream(), Encoding.Latin1, false, 1024, leaveOpen: true);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>Reads until the text has arrived, and returns everything up to its end.</summary>
    public async Task<string> ReadUntilAsync(string text, CancellationToken cancellationToken)
    {
        var seen = new StringBuilder();
        var buffer = new byte[1];
        while (!seen.ToString().EndsWith(text, StringComparison.Ordinal))
        {
            if (await _connection.GetStream().ReadAsync(buffer, cancellationToken) is 0)
            {
                throw new IOException($"The connection ended after: {seen}");
            }

            seen.Append((char)buffer[0]);
        }

        return seen.ToString();
    }

    public void Dispose() => _connection.Dispose();
}
