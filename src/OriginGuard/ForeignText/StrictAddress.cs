using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace OriginGuard.ForeignText;

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
            if (text.ContainsAnyExcept(SixCharacters) || (text.Contains('.') && !TryParseFour(text[(text.LastIndexOf(':') + 1)..], out _))
                || !IPAddress.TryParse(text, out address) || address.AddressFamily is not AddressFamily.InterNetworkV6)
            {
                address = null;
                return false;
            }

            return true;
        }

        return TryParseFour(text, out var host) && (address = new IPAddress([(byte)(host >> 24), (byte)(host >> 16), (byte)(host >> 8), (byte)host])) is not null;
    }

    /// <summary>The address as everybody compares it: one of IPv4 in the mapped form that a dual-stack socket reports becomes itself.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static bool TryParseFour(ReadOnlySpan<char> text, out uint address)
    {
        address = 0;
        var octets = 0;
        foreach (var range in text.Split('.'))
        {
            if (++octets > 4 || !StrictNumber.TryParse(text[range], byte.MaxValue, out var value))
            {
                return false;
            }

            address = (address << 8) | (uint)value;
        }

        return octets == 4;
    }
}
