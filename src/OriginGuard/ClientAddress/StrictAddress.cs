using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace OriginGuard.ClientAddress;

/// <summary>
/// Reads an address as RFC 5952 and dotted decimal write it. <see cref="IPAddress.TryParse(ReadOnlySpan{char}, out IPAddress?)"/> also takes 1, 0x7f.1, 010.0.0.1,
/// [::1]:80 and fe80::1%eth0, which different readers understand differently.
/// </summary>
internal static class StrictAddress
{
    private static readonly SearchValues<char> SixCharacters = SearchValues.Create("0123456789abcdefABCDEF:.");

    public static bool TryParse(ReadOnlySpan<char> text, out IPAddress? address)
    {
        address = null;
        if (text.Contains(':'))
        {
            return !text.ContainsAnyExcept(SixCharacters) && IPAddress.TryParse(text, out address) && address.AddressFamily is AddressFamily.InterNetworkV6;
        }

        return TryParseFour(text, out var host) && (address = new IPAddress([(byte)(host >> 24), (byte)(host >> 16), (byte)(host >> 8), (byte)host])) is not null;
    }

    private static bool TryParseFour(ReadOnlySpan<char> text, out uint address)
    {
        address = 0;
        var octets = 0;
        foreach (var range in text.Split('.'))
        {
            var octet = text[range];
            if (++octets > 4 || octet.Length is 0 or > 3 || octet.ContainsAnyExceptInRange('0', '9') || (octet.Length > 1 && octet[0] == '0'))
            {
                return false;
            }

            var value = 0;
            foreach (var digit in octet)
            {
                value = (value * 10) + (digit - '0');
            }

            if (value > 255)
            {
                return false;
            }

            address = (address << 8) | (uint)value;
        }

        return octets == 4;
    }
}
