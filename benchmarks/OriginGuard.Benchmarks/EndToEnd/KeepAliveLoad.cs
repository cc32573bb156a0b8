using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>
/// Requests on one connection, one batch after the other. The first answer is read as HTTP; as all others are as long as it, they are only counted.
/// </summary>
internal static class KeepAliveLoad
{
    private const int BufferSize = 64 * 1024;

    public static async Task<long> RunAsync(LoadOrder order, LoadSource source, Deadline deadline)
    {
        using var socket = await ConnectAsync(source, order.Port);
        var request = Encoding.ASCII.GetBytes(order.Request);
        var buffer = new byte[BufferSize];
        await socket.SendAsync(request);
        var length = await ReadFirstAsync(socket, buffer);
        var expected = buffer.AsSpan(0, AnswerHead.StatusLength).ToArray();
        AnswerHead.Expect(expected, source.Status);

        byte[] batch = [.. Enumerable.Repeat(request, order.Depth).SelectMany(bytes => bytes)];
        long count = 1;
        while (!deadline.HasPassed)
        {
            await socket.SendAsync(batch);
            var rest = length * order.Depth;
            for (var first = true; rest > 0; first = false)
            {
                var read = await socket.ReceiveAsync(buffer);
                if (read == 0 || (first && !buffer.AsSpan().StartsWith(expected)))
                {
                    throw new InvalidOperationException("The origin answered another way than at first.");
                }

                rest -= read;
            }

            count += rest == 0 ? order.Depth : throw new InvalidOperationException("The origin answered at another length than at first.");
        }

        return count;
    }

    public static async Task<Socket> ConnectAsync(LoadSource source, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
        try
        {
            if (source.Address != OriginSpec.Friend)
            {
                socket.Bind(new IPEndPoint(IPAddress.Parse(source.Address), 0));
            }

            await socket.ConnectAsync(IPAddress.Loopback, port);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<int> ReadFirstAsync(Socket socket, Memory<byte> buffer)
    {
        for (var filled = 0; ;)
        {
            var read = await socket.ReceiveAsync(buffer[filled..]);
            filled += read > 0 ? read : throw new InvalidOperationException("The origin closed the connection instead of answering.");
            if (AnswerHead.Length(buffer.Span[..filled]) is { } length && filled >= length)
            {
                return length;
            }
        }
    }
}
