using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>One connection after the other: a full TLS handshake, as strangers make it, one request, and the end; or cut off before any of it.</summary>
internal static class ConnectionLoad
{
    // A record of the size of a usual ClientHello, with nothing in it that anybody reads.
    private static readonly byte[] Hello = [0x16, 0x03, 0x01, 0x02, 0x00, .. new byte[512]];

    public static async Task<long> RunAsync(LoadOrder order, LoadSource source, Deadline deadline)
    {
        var request = Encoding.ASCII.GetBytes(order.Request);
        long count = 0;
        for (; !deadline.HasPassed; count++)
        {
            var status = await TryAsync(order, source, request);
            if (status != source.Status)
            {
                throw new InvalidOperationException($"A connection ended with {status} instead of {source.Status}.");
            }
        }

        return count;
    }

    /// <returns>The status of the answer; 0 where the connection was cut off instead.</returns>
    private static async Task<int> TryAsync(LoadOrder order, LoadSource source, byte[] request)
    {
        var socket = await KeepAliveLoad.ConnectAsync(source, order.Port);
        await using var connection = new NetworkStream(socket, ownsSocket: true);
        return source.Status == 0 ? await KnockAsync(connection) : await AskAsync(connection, request);
    }

    // A handshake that is never answered needs no TLS on this side: exceptions would cost the load more than refusals cost the origin.
    private static async Task<int> KnockAsync(NetworkStream connection)
    {
        try
        {
            await connection.WriteAsync(Hello);
            return await connection.ReadAsync(new byte[1]) == 0 ? 0 : -1;
        }
        catch (IOException cutOff) when (cutOff.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown })
        {
            return 0;
        }
    }

    private static async Task<int> AskAsync(NetworkStream connection, byte[] request)
    {
        await using var stream = new SslStream(connection);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=localhost",
        });
        await stream.WriteAsync(request);
        var answer = new byte[4096];
        var read = await stream.ReadAtLeastAsync(answer, AnswerHead.StatusLength, throwOnEndOfStream: false);
        return read < AnswerHead.StatusLength ? 0 : int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture);
    }
}
