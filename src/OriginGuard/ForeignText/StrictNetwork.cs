using System.Net;
using System.Net.Sockets;

namespace OriginGuard.ForeignText;

/// <summary>
/// Reads a network as everybody reads it: dotted decimal or RFC 5952, a slash, a length. <see cref="IPNetwork.TryParse(string?, out IPNetwork)"/> also takes
/// 34.96/16 for 34.0.0.96/16, 010.0.0.0/8 for 8.0.0.0/8, and brackets and scope ids. Bits behind the length mean nothing: <see cref="IPNetwork"/> clears them.
/// </summary>
internal static class StrictNetwork
{
    public const string Rule = "a network such as 192.0.2.0/24, 192.0.2.7/32 for one address, or 2001:db8::/32 is needed";

    public static bool TryParse(string text, out IPNetwork network)
    {
        network = default;
        return text.Contains('/', StringComparison.Ordinal) && TryRead(text, out network);
    }

    /// <summary>A network of one family, as <c>ip4</c> and <c>ip6</c> write it (RFC 7208, section 5.6): without a length it is one address.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, AddressFamily family, out IPNetwork network) =>
        TryRead(text, out network) && network.BaseAddress.AddressFamily == family;

    /// <summary>What a binder gives as texts: the networks, and where there was none, the network that holds every address, which the rules refuse.</summary>
    public static IPNetwork[] ReadAll(IEnumerable<string?> texts) => [.. texts.Select(static text => TryParse(text?.Trim() ?? "", out var network) ? network : default)];

    private static bool TryRead(ReadOnlySpan<char> text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/');
        if (!StrictAddress.TryParse(slash < 0 ? text : text[..slash], out var address) || address is null)
        {
            return false;
        }

        var longest = address.AddressFamily is AddressFamily.InterNetwork ? 32 : 128;
        var length = longest;
        if (slash >= 0 && !StrictNumber.TryParse(text[(slash + 1)..], longest, out length))
        {
            return false;
        }

        network = new IPNetwork(address, length);
        return true;
    }
}
