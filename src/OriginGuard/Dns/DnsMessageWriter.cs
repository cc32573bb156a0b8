using System.Buffers.Binary;

namespace OriginGuard.Dns;

/// <summary>Writes the one message that the guard sends: a recursive query for the TXT records of a name.</summary>
internal static class DnsMessageWriter
{
    // What fits one unfragmented datagram on any usual path (the DNS flag day of 2020). What is longer comes cut off.
    public const ushort UdpPayloadSize = 1232;

    private const int QuestionTail = 4;
    private const int OptLength = 11;

    public static byte[] WriteTxtQuery(ushort id, DnsName name, bool edns)
    {
        var message = new byte[DnsConstants.HeaderLength + name.Wire.Length + QuestionTail + (edns ? OptLength : 0)];
        WriteHeader(message, id, edns);

        var question = message.AsSpan(DnsConstants.HeaderLength);
        name.Wire.CopyTo(question);
        var tail = question[name.Wire.Length..];
        BinaryPrimitives.WriteUInt16BigEndian(tail, DnsConstants.TypeTxt);
        BinaryPrimitives.WriteUInt16BigEndian(tail[2..], DnsConstants.ClassInternet);

        if (edns)
        {
            WriteOpt(tail[QuestionTail..]);
        }

        return message;
    }

    private static void WriteHeader(Span<byte> header, ushort id, bool edns)
    {
        BinaryPrimitives.WriteUInt16BigEndian(header, id);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], DnsConstants.FlagRecursionDesired);
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], 1);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], (ushort)(edns ? 1 : 0));
    }

    // RFC 6891, section 6.1.2: the root's name, then the payload size where a record has its class; version 0, no flags, no options.
    private static void WriteOpt(Span<byte> record)
    {
        BinaryPrimitives.WriteUInt16BigEndian(record[1..], DnsConstants.TypeOpt);
        BinaryPrimitives.WriteUInt16BigEndian(record[3..], UdpPayloadSize);
    }
}
