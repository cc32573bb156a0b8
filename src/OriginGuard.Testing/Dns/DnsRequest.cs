using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OriginGuard.Testing.Dns;

/// <summary>A query as it came from the wire.</summary>
internal sealed class DnsRequest
{
    private const int HeaderLength = 12;
    private const int OptType = 41;
    private const int ClassicUdpLimit = 512;

    private DnsRequest(ushort id, byte[] question, string name, ushort type, int? payloadSize) =>
        (Id, Question, Name, Type, PayloadSize) = (id, question, name, type, payloadSize);

    public ushort Id { get; }

    /// <summary>The question section, octet by octet: an answer repeats it.</summary>
    public byte[] Question { get; }

    public string Name { get; }

    public ushort Type { get; }

    /// <summary>What the OPT record says that the client takes over UDP; null without one.</summary>
    public int? PayloadSize { get; }

    public int UdpLimit => Math.Max(PayloadSize ?? 0, ClassicUdpLimit);

    public static bool TryRead(ReadOnlySpan<byte> message, [NotNullWhen(true)] out DnsRequest? request)
    {
        request = null;
        if (message.Length < HeaderLength
            || (message[2] & 0x80) != 0
            || BinaryPrimitives.ReadUInt16BigEndian(message[4..]) != 1
            || !TryReadName(message, out var name, out var end)
            || end + 4 > message.Length)
        {
            return false;
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(message[end..]);
        var rest = message[(end + 4)..];
        var id = BinaryPrimitives.ReadUInt16BigEndian(message);
        request = new DnsRequest(id, message[HeaderLength..(end + 4)].ToArray(), name, type, ReadPayloadSize(rest));
        return true;
    }

    private static bool TryReadName(ReadOnlySpan<byte> message, out string name, out int end)
    {
        List<string> labels = [];
        end = HeaderLength;
        while (end < message.Length)
        {
            int length = message[end++];
            if (length == 0)
            {
                name = string.Join('.', labels);
                return true;
            }

            if (length > 63 || end + length > message.Length)
            {
                break;
            }

            labels.Add(Encoding.Latin1.GetString(message.Slice(end, length)));
            end += length;
        }

        name = string.Empty;
        return false;
    }

    // Queries carry no other record than OPT: the root's name, the type, and the size where others have their class.
    private static int? ReadPayloadSize(ReadOnlySpan<byte> rest) =>
        rest.Length >= 11 && rest[0] == 0 && BinaryPrimitives.ReadUInt16BigEndian(rest[1..]) == OptType
            ? BinaryPrimitives.ReadUInt16BigEndian(rest[3..])
            : null;
}
