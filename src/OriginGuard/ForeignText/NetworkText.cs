using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OriginGuard.ForeignText;

/// <summary>
/// Reads a network as everybody reads it: dotted decimal or RFC 5952, a slash, a length. <see cref="IPNetwork.TryParse(string?, out IPNetwork)"/> also takes
/// 34.96/16 for 34.0.0.96/16, 010.0.0.0/8 for 8.0.0.0/8, and brackets and scope ids. Bits behind the length mean nothing: <see cref="IPNetwork"/> clears them.
/// </summary>
internal static class NetworkText
{
    public const string Rule = "a network such as 192.0.2.0/24, 192.0.2.7/32 for one address, or 2001:db8::/32 is needed";

    public static bool TryParse(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !StrictAddress.TryParse(text.AsSpan(0, slash), out var address) || address is null
            || !TryReadLength(text.AsSpan(slash + 1), address.AddressFamily is AddressFamily.InterNetwork ? 32 : 128, out var length))
        {
            return false;
        }

        network = new IPNetwork(address, length);
        return true;
    }

    /// <summary>What a binder gives as texts: the networks, and where there was none, the network that holds every address, which the rules refuse.</summary>
    public static IPNetwork[] ReadAll(IEnumerable<string?> texts) => [.. texts.Select(static text => TryParse(text?.Trim() ?? "", out var network) ? network : default)];

    private static bool TryReadLength(ReadOnlySpan<char> text, int longest, out int length)
    {
        length = 0;
        return text.Length is > 0 and <= 3 && (text.Length == 1 || text[0] != '0')
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length) && length <= longest;
    }
}
