using System.Buffers.Binary;
using System.Text;

namespace OriginGuard.Tests.Connections;

/// <summary>As much of HTTP/2 (RFC 9113) as it takes to ask for / and to see the server say goodbye.</summary>
internal sealed class Http2Client(LoopbackClient client)
{
    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte GoAway = 7;
    private const byte EndStreamAndHeaders = 0x05;

    // Indexed fields of RFC 7541, appendix A: GET, http, /, and the authority "a" as a literal.
    private static readonly byte[] Request = [0x82, 0x86, 0x84, 0x01, 0x01, (byte)'a'];

    public async Task StartAsync()
    {
        await client.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        await SendAsync(Settings, 0, 0, []);
    }

    public Task AskAsync(int stream) => SendAsync(Headers, EndStreamAndHeaders, stream, Request);

    /// <summary>The types of the frames that come, until one of them is the last.</summary>
    public async Task<(List<byte> Types, string Data)> ReadUntilAsync(Func<byte, byte, bool> isLast)
    {
        List<byte> types = [];
        var data = new StringBuilder();
        while (await ReadAsync(9) is { } head)
        {
            var payload = await ReadAsync((head[0] << 16) | (head[1] << 8) | head[2]);
            types.Add(head[3]);
            data.Append(head[3] is 0 && payload is not null ? Encoding.ASCII.GetString(payload) : "");
            if (isLast(head[3], head[4]))
            {
                break;
            }
        }

        return (types, data.ToString());
    }

    public static bool IsEndOfStream(byte type, byte flags) => type is 0 or Headers && (flags & 1) == 1;

    public static bool IsGoAway(byte type, byte flags) => type is GoAway;

    private async Task SendAsync(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        frame[2] = (byte)payload.Length;
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        await client.SendAsync(frame);
    }

    private async Task<byte[]?> ReadAsync(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            if (await client.ReadByteAsync() is not { } next)
            {
                return null;
            }

            bytes[i] = next;
        }

        return bytes;
    }
}
