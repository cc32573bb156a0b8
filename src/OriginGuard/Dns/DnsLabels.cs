namespace OriginGuard.Dns;

/// <summary>Walks the labels of a name inside a message, through compression pointers (RFC 1035, section 4.1.4).</summary>
internal ref struct DnsLabels
{
    // A pointer that leads straight to another pointer adds no label, so the limit on a name's length does not bound a chain of them.
    // Honest names have two or three; each that is admitted is work for every record of a hostile answer.
    public const int MaxPointers = 32;

    private readonly ReadOnlySpan<byte> _message;
    private int _position;
    private int _segmentStart;
    private int _length;
    private int _pointers;
    private int _end;

    public DnsLabels(ReadOnlySpan<byte> message, int offset)
    {
        _message = message;
        _position = _segmentStart = offset;
        _end = -1;
    }

    /// <summary>Where the message goes on after the name; known once the root label has been read.</summary>
    public readonly int End => _end;

    /// <summary>Reads the next label, which is empty at the root. False: the name is malformed.</summary>
    public bool TryReadLabel(out ReadOnlySpan<byte> label)
    {
        label = default;
        while ((uint)_position < (uint)_message.Length)
        {
            int octet = _message[_position];
            if ((octet & 0xC0) == 0xC0)
            {
                if (!TryFollowPointer(octet))
                {
                    return false;
                }
            }
            else
            {
                // 0x40 and 0x80 are the label types that RFC 6891, section 5 deprecates and reserves.
                return octet <= DnsConstants.MaxLabelLength && TryTakeLabel(octet, out label);
            }
        }

        return false;
    }

    /// <summary>Whether two names of one message are the same, ASCII case aside. A malformed name is equal to none.</summary>
    public static bool SameName(DnsLabels left, DnsLabels right)
    {
        while (left.TryReadLabel(out var one) && right.TryReadLabel(out var other) && SameLabel(one, other))
        {
            if (one.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    public bool TrySkip()
    {
        while (TryReadLabel(out var label))
        {
            if (label.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    private bool TryTakeLabel(int length, out ReadOnlySpan<byte> label)
    {
        label = default;
        _length += length + 1;
        if (_length > DnsConstants.MaxNameLength || _position + 1 + length > _message.Length)
        {
            return false;
        }

        label = _message.Slice(_position + 1, length);
        _position += 1 + length;
        if (length == 0 && _end < 0)
        {
            _end = _position;
        }

        return true;
    }

    private bool TryFollowPointer(int octet)
    {
        if (_position + 1 >= _message.Length || ++_pointers > MaxPointers)
        {
            return false;
        }

        var target = ((octet & 0x3F) << 8) | _message[_position + 1];

        // Backwards only, to before the segment that holds the pointer: "a prior occurrence". So no name can loop.
        if (target < DnsConstants.HeaderLength || target >= _segmentStart)
        {
            return false;
        }

        if (_end < 0)
        {
            _end = _position + 2;
        }

        _position = _segmentStart = target;
        return true;
    }

    private static bool SameLabel(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (one.Length != other.Length)
        {
            return false;
        }

        for (var i = 0; i < one.Length; i++)
        {
            if (ToLower(one[i]) != ToLower(other[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static int ToLower(byte octet) => octet is >= (byte)'A' and <= (byte)'Z' ? octet | 0x20 : octet;
}
