using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace OriginGuard.Ranges;

/// <summary>
/// The network of an <c>ip4</c> or <c>ip6</c> mechanism, exactly as RFC 7208, section 5.6, writes it. The parser of the framework is too
/// generous for trust: it takes <c>1</c>, <c>0x7f.1</c> and octal <c>010.0.0.1</c> for IPv4, and brackets and scope ids for IPv6. Host bits
/// are legal and mean nothing, since only the bits of the prefix are compared: <see cref="IPNetwork"/> clears them.
/// </summary>
internal static class SpfNetwork
{
    private const int MaxTextLengthV6 = 45;

    private static readonly SearchValues<char> CharactersV6 = SearchValues.Create("0123456789ABCDEFabcdef:.");

    public static bool TryParseV4(ReadOnlySpan<char> text, out IPNetwork network)
    {
        network = default;
        Span<byte> bytes = stackalloc byte[4];
        if (!TrySplitLength(text, 32, out var address, out var length) || !TryReadV4(address, bytes))
        {
            return false;
        }

        network = new IPNetwork(new IPAddress(bytes), length);
        return true;
    }

    public static bool TryParseV6(ReadOnlySpan<char> text, out IPNetwork network)
    {
        network = default;
        if (!TrySplitLength(text, 128, out var address, out var length) || !TryReadV6(address, out var parsed))
        {
            return false;
        }

        network = new IPNetwork(parsed, length);
        return true;
    }

    private static bool TrySplitLength(ReadOnlySpan<char> text, int longest, out ReadOnlySpan<char> address, out int length)
    {
        var slash = text.IndexOf('/');
        address = slash < 0 ? text : text[..slash];
        length = longest;
        return slash < 0 || TryReadNumber(text[(slash + 1)..], longest, out length);
    }

    private static bool TryReadV4(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        var count = 0;
        foreach (var range in text.Split('.'))
        {
            if (count == 4 || !TryReadNumber(text[range], byte.MaxValue, out var value))
            {
                return false;
            }

            bytes[count++] = (byte)value;
        }

        return count == 4;
    }

    private static bool TryReadV6(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (text.Length > MaxTextLengthV6 || !text.Contains(':') || text.ContainsAnyExcept(CharactersV6))
        {
            return false;
        }

        Span<byte> embedded = stackalloc byte[4];
        if (text.Contains('.') && !TryReadV4(text[(text.LastIndexOf(':') + 1)..], embedded))
        {
            return false;
        }

        // A mapped address is IPv4 in disguise: it belongs into ip4, where the IPv4 rules see it.
        return IPAddress.TryParse(text, out address) && !address.IsIPv4MappedToIPv6;
    }

    // Digits only and no leading zero: a sign, a blank or an octal reading would be two opinions about one text.
    private static bool TryReadNumber(ReadOnlySpan<char> text, int most, out int value)
    {
        value = 0;
        if (text.Length is 0 or > 3 || (text.Length > 1 && text[0] == '0'))
        {
            return false;
        }

        foreach (var character in text)
        {
            if (!char.IsAsciiDigit(character))
            {
                return false;
            }

            value = (value * 10) + (character - '0');
        }

        return value <= most;
    }
}
