using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>One connection after the other: a full TLS handshake, as strangers make it, one request, and the end; or cut off before any of it.</summary>
internal static class ConnectionLoad
{
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
        try
        {
            var socket = await KeepAliveLoad.ConnectAsync(source, order.Port);
            await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                AllowTlsResume = false,
                RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=localhost",
            });
            await stream.WriteAsync(request);
            var answer = new byte[4096];
            var read = await stream.ReadAtLeastAsync(answer, AnswerHead.StatusLength, throwOnEndOfStream: false);
            return read < AnswerHead.StatusLength ? 0 : int.Parse(Encoding.ASCII.GetString(answer, 9, 3), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception cutOff) when (cutOff is IOException or SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return 0;
        }
    }
}
