using System.Buffers.Binary;

namespace OriginGuard.Dns;

/// <summary>
/// Reads a message section by section. Every count and length comes from the wire and is believed only as far as the message reaches.
/// </summary>
internal ref struct DnsMessageReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _position;

    public readonly DnsLabels Labels(int offset) => new(_message, offset);

    public bool TryReadHeader(out DnsHeader header)
    {
        header = default;
        if (!TryRead(DnsConstants.HeaderLength, out var octets))
        {
            return false;
        }

        header = new DnsHeader(
            BinaryPrimitives.ReadUInt16BigEndian(octets),
            BinaryPrimitives.ReadUInt16BigEndian(octets[2..]),
            BinaryPrimitives.ReadUInt16BigEndian(octets[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(octets[6..]),
            BinaryPrimitives.ReadUInt16BigEndian(octets[8..]),
            BinaryPrimitives.ReadUInt16BigEndian(octets[10..]));
        return true;
    }

    public bool TryReadQuestion(out int name, out ushort type, out ushort @class)
    {
        type = @class = 0;
        if (!TryReadName(out name) || !TryRead(4, out var octets))
        {
            return false;
        }

        type = BinaryPrimitives.ReadUInt16BigEndian(octets);
        @class = BinaryPrimitives.ReadUInt16BigEndian(octets[2..]);
        return true;
    }

    public bool TryReadRecord(out DnsRecord record)
    {
        record = default;
        if (!TryReadName(out var owner) || !TryRead(10, out var octets))
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(octets[8..]);
        var data = _position;
        if (!TryRead(length, out _))
        {
            return false;
        }

        record = new DnsRecord(
            owner,
            BinaryPrimitives.ReadUInt16BigEndian(octets),
            BinaryPrimitives.ReadUInt16BigEndian(octets[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(octets[4..]),
            data,
            length);
        return true;
    }

    public readonly ReadOnlySpan<byte> Data(DnsRecord record) => _message.Slice(record.Data, record.DataLength);

    private bool TryReadName(out int offset)
    {
        offset = _position;
        var labels = Labels(offset);
        if (!labels.TrySkip())
        {
            return false;
        }

        _position = labels.End;
        return true;
    }

    private bool TryRead(int count, out ReadOnlySpan<byte> octets)
    {
        octets = default;
        if (count > _message.Length - _position)
        {
            return false;
        }

        octets = _message.Slice(_position, count);
        _position += count;
        return true;
    }
}
